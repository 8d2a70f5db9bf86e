#include "reading_store.hpp"

#include <utility>

#include "keys.hpp"
#include "queries.hpp"
#include "rollups.hpp"
#include "shares.hpp"

namespace agentpipe::store::sql {

ReadingStore::ReadingStore(base::FileDescriptor lock, std::vector<Database> readers, std::string epoch)
    : lock_(std::move(lock)), epoch_(std::move(epoch)), readers_(std::move(readers)) {}

base::Result<SessionPage> ReadingStore::sessions(const SessionQuery& query) {
  return readers_.read([&](Database& reader) { return read_sessions(reader, query); });
}

base::Result<std::vector<MetricPoint>> ReadingStore::metrics(const MetricsQuery& query) {
  return readers_.read([&](Database& reader) { return read_metrics(reader, query); });
}

base::Result<std::vector<ErrorEntry>> ReadingStore::errors(base::Timestamp from, base::Timestamp until,
                                                           std::int64_t limit) {
  return readers_.read([&](Database& reader) { return read_errors(reader, from, until, limit); });
}

base::Result<Summary> ReadingStore::summary(std::optional<base::Timestamp> from,
                                            std::optional<base::Timestamp> until) {
  return readers_.read([&](Database& reader) { return read_summary(reader, from, until); });
}

base::Result<Facets> ReadingStore::facets(std::int64_t limit) {
  return readers_.read([&](Database& reader) { return read_facets(reader, limit); });
}

base::Result<SearchPage> ReadingStore::search(const SearchQuery& query) {
  return readers_.read([&](Database& reader) { return search_sessions(reader, query); });
}

base::Result<SessionDetail> ReadingStore::session(const std::string& id) {
  return readers_.read([&](Database& reader) { return read_session(reader, id); });
}

base::Result<MessagePage> ReadingStore::messages(const MessageQuery& query) {
  return readers_.read([&](Database& reader) { return read_messages(reader, query); });
}

base::Result<Outline> ReadingStore::outline(const OutlineQuery& query) {
  return readers_.read([&](Database& reader) { return read_outline(reader, query); });
}

base::Result<Findings> ReadingStore::find(const std::string& session_id, const std::string& text,
                                          std::int64_t limit) {
  return readers_.read([&](Database& reader) { return find_in_session(reader, session_id, text, limit); });
}

base::Result<std::vector<model::Note>> ReadingStore::notes(const std::string& session_id,
                                                           std::int64_t limit) {
  return readers_.read([&](Database& reader) { return read_notes(reader, session_id, limit); });
}

base::Result<std::vector<model::Logged>> ReadingStore::log(const LogQuery& query) {
  return readers_.read([&](Database& reader) { return read_log(reader, query); });
}

base::Result<std::vector<Key>> ReadingStore::keys() {
  return readers_.read([](Database& reader) { return read_keys(reader); });
}

base::Result<std::vector<Share>> ReadingStore::shares(const std::string& session_id) {
  return readers_.read([&](Database& reader) { return read_shares(reader, session_id); });
}

base::Result<std::uint64_t> ReadingStore::bytes() {
  return readers_.read([](Database& reader) -> base::Result<std::uint64_t> {
    auto bytes = reader.number(reader.dialect().bytes);
    if (!bytes) return base::forward(bytes);
    return static_cast<std::uint64_t>(*bytes);
  });
}

}  // namespace agentpipe::store::sql
