#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "agentpipe/http/request.hpp"
#include "agentpipe/http/responder.hpp"
#include "agentpipe/service/need.hpp"

namespace agentpipe::http {

/// What a caller must be allowed to do.
using Access = service::Need;

/// Runs on a network loop: must not block. Answers through the Responder, then or later.
using Handler = std::function<void(Request request, Responder respond)>;

/// Does the handler take bodies with a Content-Encoding that it knows (gzip, zstd)? It unpacks them itself,
/// off the network loop; the body limit holds for what arrives.
enum class Bodies : unsigned char { plain, maybe_packed };

/// One endpoint. `pattern`: "/api/sessions/{id}/messages"; a last "{rest...}" takes all that follows,
/// undecoded.
struct Route {
  Method method = Method::get;
  std::string pattern;
  std::size_t body_limit = 0;
  Access access = Access::open;
  Handler handler;
  Bodies bodies = Bodies::plain;
};

/// The table of endpoints. HEAD is answered by the route for GET; a pattern with fewer parameters wins.
class Router {
 public:
  /// `fallback` answers what no route matches, outside /api.
  Router(std::vector<Route> routes, Route fallback);

  struct Match {
    const Route* route = nullptr;         // null: see `status`
    std::vector<std::string> parameters;  // decoded
    int status = 0;                       // 400, 404 or 405
    std::string allow;                    // for 405, and for OPTIONS
  };
  /// `path`: encoded, without query.
  [[nodiscard]] Match find(Method method, std::string_view path) const;

 private:
  struct Entry {
    Route route;
    std::vector<std::string> segments;
  };
  std::vector<Entry> entries_;
  Route fallback_;
};

}  // namespace agentpipe::http
