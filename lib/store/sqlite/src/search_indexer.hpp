#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/model/logged.hpp"
#include "connection.hpp"
#include "index_cleaner.hpp"
#include "vocabulary.hpp"
#include "writer.hpp"

namespace agentpipe::store::sqlite {

/// Up to which number of the log the index reaches.
base::Result<model::LogNumber> search_watermark(Database& database);

struct Document {
  model::LogNumber number = 0;
  std::string text;
};

/// Puts what was logged into the full-text index, a portion at a time.
class SearchFeed {
 public:
  /// Reads what comes behind `after` and takes it apart, on any connection: all that needs no time of the
  /// writer.
  base::Result<void> prepare(Database& database, model::LogNumber after);
  /// Puts the next portion behind the watermark into the index, in the caller's transaction: the prepared
  /// one, or another when that is not it any more. Answers the new watermark.
  base::Result<model::LogNumber> index_next(Database& database);
  /// After a transaction that came to nothing.
  void forget() {
    vocabulary_.forget();
    portion_ = {};
  }

 private:
  struct Portion {
    model::LogNumber after = 0;
    model::LogNumber reached = 0;
    std::int64_t events = 0;          // between them, with text or without
    std::vector<Document> documents;  // as the index gets them
    std::vector<std::string> words;   // that the vocabulary may lack
  };

  void take_apart(const Document& document);
  base::Result<bool> is_next(Database& database, model::LogNumber watermark) const;

  VocabularyFeed vocabulary_;
  Portion portion_;
};

/// Takes a session's texts out of the index; before its rows go.
base::Result<void> unindex_session(Database& database, std::int64_t session_pk);

/// Keeps the index close behind the log, off the way of the events: texts are read and taken apart on a
/// thread and a connection of its own, then a portion is a task among the writer's others. A crash loses
/// nothing, since the watermark is committed with the portion. Cleans up behind deletions the same way.
class SearchIndexer {
 public:
  SearchIndexer(sql::Writer& writer, Database reader, base::Clock& clock, model::LogNumber reached);

 private:
  void run(const std::stop_token& stop);
  base::Result<void> index_portion();
  /// Whether there was something to do.
  bool clean_portion();
  void rest(const base::Deadline& until, const std::stop_token& stop);

  sql::Writer& writer_;
  Database reader_;
  base::Clock& clock_;
  // Used by the thread, and in the writer's tasks while it waits for them.
  SearchFeed feed_;
  std::optional<IndexCleaner> cleaner_;  // at work
  // The thread's.
  model::LogNumber reached_;
  base::Deadline next_cleaning_;  // no sooner
  std::jthread thread_;
};

}  // namespace agentpipe::store::sqlite
