#pragma once

#include <string>
#include <vector>

#include "agentpipe/base/files.hpp"
#include "agentpipe/store/store.hpp"
#include "reader_pool.hpp"

namespace agentpipe::store::sql {

/// The reading half of a store.
class ReadingStore : public Store {
 public:
  base::Result<SessionPage> sessions(const SessionQuery& query) final;
  base::Result<std::vector<MetricPoint>> metrics(const MetricsQuery& query) final;
  base::Result<std::vector<ErrorEntry>> errors(base::Timestamp from, base::Timestamp until,
                                               std::int64_t limit) final;
  base::Result<Summary> summary(std::optional<base::Timestamp> from,
                                std::optional<base::Timestamp> until) final;
  base::Result<Facets> facets(std::int64_t limit) final;
  base::Result<SearchPage> search(const SearchQuery& query) final;
  base::Result<SessionDetail> session(const std::string& id) final;
  base::Result<MessagePage> messages(const MessageQuery& query) final;
  base::Result<Outline> outline(const OutlineQuery& query) final;
  base::Result<Findings> find(const std::string& session_id, const std::string& text,
                              std::int64_t limit) final;
  base::Result<std::vector<model::Note>> notes(const std::string& session_id, std::int64_t limit) final;
  base::Result<std::vector<model::Logged>> log(const LogQuery& query) final;
  base::Result<std::vector<Key>> keys() final;
  base::Result<std::vector<Share>> shares(const std::string& session_id) final;
  base::Result<std::uint64_t> bytes() final;
  [[nodiscard]] const std::string& epoch() const final { return epoch_; }

 protected:
  /// `lock` is given up when all else is closed.
  ReadingStore(base::FileDescriptor lock, std::vector<Database> readers, std::string epoch);

  ReaderPool& readers() { return readers_; }

 private:
  const base::FileDescriptor lock_;
  const std::string epoch_;
  ReaderPool readers_;
};

}  // namespace agentpipe::store::sql
