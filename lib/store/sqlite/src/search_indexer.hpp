#pragma once

#include <thread>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/model/logged.hpp"
#include "connection.hpp"
#include "vocabulary.hpp"
#include "writer.hpp"

namespace agentpipe::store::sqlite {

/// Up to which number of the log the index reaches.
base::Result<model::LogNumber> search_watermark(Database& database);

/// Puts what was logged into the full-text index, a portion at a time.
class SearchFeed {
 public:
  /// The next portion behind the watermark, in the caller's transaction, with the new watermark.
  base::Result<model::LogNumber> index_next(Database& database);
  /// After a transaction that came to nothing.
  void forget() { vocabulary_.forget(); }

 private:
  VocabularyFeed vocabulary_;
};

/// Takes a session's texts out of the index; before its rows go.
base::Result<void> unindex_session(Database& database, std::int64_t session_pk);

/// Keeps the index close behind the log, off the way of the events: a portion is a task among the writer's
/// others. A crash loses nothing, since the watermark is committed with the portion.
class SearchIndexer {
 public:
  SearchIndexer(sql::Writer& writer, base::Clock& clock, model::LogNumber reached);

 private:
  void run(const std::stop_token& stop);
  base::Result<void> index_portion();
  void rest(base::Milliseconds most, const std::stop_token& stop);

  sql::Writer& writer_;
  base::Clock& clock_;
  SearchFeed feed_;           // used in the writer's tasks
  model::LogNumber reached_;  // the thread's
  std::jthread thread_;
};

}  // namespace agentpipe::store::sqlite
