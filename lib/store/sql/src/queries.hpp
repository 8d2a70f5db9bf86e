#pragma once

#include <cstddef>
#include <vector>

#include "agentpipe/base/result.hpp"
#include "agentpipe/store/store.hpp"
#include "database.hpp"

/// The reading functions of Store, each inside the read transaction of its caller.
namespace agentpipe::store::sql {

/// A page ends early after so many bytes of content, so that 500 of the longest messages do not fill the
/// memory.
inline constexpr std::size_t k_page_bytes = 16UL << 20U;

base::Result<SessionPage> read_sessions(Database& database, const SessionQuery& query);
base::Result<Facets> read_facets(Database& database, std::int64_t limit);
base::Result<model::Session> read_session_by_key(Database& database, std::int64_t pk);
base::Result<SearchPage> search_sessions(Database& database, const SearchQuery& query);
base::Result<SessionDetail> read_session(Database& database, const std::string& id);
base::Result<MessagePage> read_messages(Database& database, const MessageQuery& query);
base::Result<Outline> read_outline(Database& database, const OutlineQuery& query);
base::Result<Findings> find_in_session(Database& database, const std::string& session_id,
                                       const std::string& text, std::int64_t limit);
base::Result<std::vector<model::Note>> read_notes(Database& database, const std::string& session_id,
                                                  std::int64_t limit);
base::Result<std::vector<model::Logged>> read_log(Database& database, const LogQuery& query);

/// `not_found` when there is no such session.
struct SessionKey {
  std::int64_t pk = 0;
  std::int64_t messages = 0;
};
base::Result<SessionKey> find_session(Database& database, const std::string& id);

}  // namespace agentpipe::store::sql
