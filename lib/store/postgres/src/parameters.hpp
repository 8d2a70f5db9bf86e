#pragma once

#include <string>
#include <string_view>

namespace agentpipe::store::postgres {

/// The statement with PostgreSQL's parameters ($1) in place of ours: `?` is the one behind the highest so
/// far, `?2` the second. What stands in quotes stays.
std::string with_dollars(std::string_view sql);

}  // namespace agentpipe::store::postgres
