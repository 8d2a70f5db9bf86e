#pragma once

#include <memory>
#include <utility>

#include "agentpipe/store/sqlite/open.hpp"
#include "search_indexer.hpp"
#include "serving_store.hpp"

namespace agentpipe::store::sqlite {

/// The server's store, with its full-text index filled behind the log; `texts`: the connection that it reads
/// on.
class SqliteStore final : public sql::ServingStore {
 public:
  SqliteStore(sql::Opened opened, std::unique_ptr<sql::Upkeep> upkeep, Database texts, LogNumber indexed,
              const SqliteOptions& options)
      : ServingStore(std::move(opened), std::move(upkeep), options.queue,
                     {options.path, options.min_free_bytes}, options.clock),
        indexer_(writer(), std::move(texts), options.clock, indexed) {}

 private:
  SearchIndexer indexer_;  // goes before the writer
};

}  // namespace agentpipe::store::sqlite
