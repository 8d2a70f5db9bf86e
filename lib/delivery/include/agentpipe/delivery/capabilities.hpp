#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "agentpipe/delivery/transport.hpp"

namespace agentpipe::delivery {

/// Whom we talk to.
enum class Dialect : unsigned char {
  own,    ///< an agentpipe-web of this project: takes every event as it is
  plain,  ///< anything else that ingests: the six events of the existing server, one a request
};

/// What a server can do, as its answer to GET /api/health tells.
struct Capabilities {
  Dialect dialect = Dialect::plain;
  std::set<std::string, std::less<>> names;  ///< of its "capabilities"; empty for the plain dialect
  std::string database{};                    ///< random per database; empty: it does not say

  [[nodiscard]] bool has(std::string_view name) const { return names.contains(name); }
  bool operator==(const Capabilities&) const = default;
};

inline constexpr std::string_view k_health_path = "/api/health";

/// Nothing when the answer says nothing about the server: an outage, a captive portal, a refused key.
std::optional<Capabilities> capabilities_from(const Response& response);

/// Does this server of ours know events of this type?
bool knows(const Capabilities& capabilities, const std::string& event);

/// An event as one server is sent it.
struct Translated {
  std::string event;
  enum class Content : unsigned char { whole, shortened } content = Content::whole;
};

/// `event` (one event as JSON) in the form this server takes; nothing when it does not know events of this
/// type. For the plain dialect: contents and summaries within its limits, its required fields filled in.
std::optional<Translated> translate(const Capabilities& capabilities, std::string event);

}  // namespace agentpipe::delivery
