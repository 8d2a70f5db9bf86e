#pragma once

#include <cstddef>
#include <cstdint>

#include "agentpipe/model/logged.hpp"
#include "connection.hpp"

namespace agentpipe::store::sqlite {

/// Takes out of the search index what deleted conversations left there: entries that only hide other entries,
/// and words that no text holds any more. Does so in portions, between which texts may go into the index.
class IndexCleaner {
 public:
  /// What it knows from one portion to the next.
  struct Progress {
    model::LogNumber deletion = 0;  // the latest one before it began
    bool merging = false;           // a table, which goes on
    std::int64_t word = 0;          // up to here the vocabulary is looked through
    std::size_t words_gone = 0;
  };

  /// The next portion, in the caller's transaction. Is there more to do? After the last portion, and after a
  /// transaction that came to nothing, a new cleaner begins anew.
  base::Result<bool> next(Database& database);
  /// So far. A VocabularyFeed that knows them must forget.
  [[nodiscard]] std::size_t words_gone() const { return progress_.words_gone; }

 private:
  std::size_t step_ = 0;
  Progress progress_;
};

/// Were conversations deleted since the index was last cleaned to the end?
base::Result<bool> needs_cleaning(Database& database);
/// All at once, in one transaction.
base::Result<void> clean_index(Database& database);

}  // namespace agentpipe::store::sqlite
