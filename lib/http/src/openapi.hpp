#pragma once

#include <span>
#include <string>
#include <string_view>

#include "agentpipe/http/router.hpp"

namespace agentpipe::http {

/// What the table of routes does not say of a route.
struct RouteDoc {
  Method method;
  std::string_view pattern;
  std::string_view summary;
  std::string_view parameters;  ///< of the query, separated by spaces
  std::string_view answer;      ///< name of the schema of the 200 (or 201) answer; else its media type
  int status = 200;
};
std::span<const RouteDoc> route_docs();
/// The value of components.schemas.
std::string_view openapi_schemas();

/// The OpenAPI 3.1 document of these routes.
std::string openapi_json(std::span<const Route> routes, std::string_view version, std::string_view base_path);

}  // namespace agentpipe::http
