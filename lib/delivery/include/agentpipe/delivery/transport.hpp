#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agentpipe/base/time.hpp"
#include "agentpipe/delivery/endpoint.hpp"

namespace agentpipe::delivery {

struct Request {
  std::string method;  ///< "POST", "GET"
  std::string path;    ///< "/api/ingest", appended to base_url
  std::string_view body;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
  /// What the answer may be: a word about the request, or a whole session, which is larger and takes longer.
  enum class Expected : unsigned char { word, session } expected = Expected::word;
};

/// How far a request came when no complete answer arrived. Each has its own advice in `test`.
enum class NetworkFault : unsigned char { none, name_lookup, connect, tls, timeout, broken };

struct Response {
  NetworkFault fault = NetworkFault::none;
  std::string fault_text;  ///< libcurl's words; never contains the key
  int status = 0;          ///< 0 when there was a fault
  std::string body;        ///< at most k_max_answer or k_max_session_answer bytes
  std::optional<std::string> retry_after;
  std::optional<std::string> date;
  base::Milliseconds name_lookup{}, connected{}, tls_done{}, total{};  ///< since the start of the request
};

/// What a sane server answers fits in here; more is cut off and the request counts as broken.
inline constexpr std::size_t k_max_answer = 4UL << 20U;
inline constexpr std::size_t k_max_session_answer = 64UL << 20U;

/// Sends one request and waits for the answer. One thread at a time. Never follows redirects with the key.
class Transport {
 public:
  virtual ~Transport() = default;
  /// Returns early with fault `broken` when a stop is requested.
  virtual Response send(const Request& request, const std::stop_token& stop) = 0;
};

}  // namespace agentpipe::delivery
