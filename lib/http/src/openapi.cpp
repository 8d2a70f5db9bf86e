#include "openapi.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include "agentpipe/base/text.hpp"
#include "agentpipe/model/json_writer.hpp"

namespace agentpipe::http {

namespace {

using model::JsonWriter;

const RouteDoc* doc_of(const Route& route) {
  const auto docs = route_docs();
  const auto found = std::ranges::find_if(
      docs, [&](const RouteDoc& doc) { return doc.method == route.method && doc.pattern == route.pattern; });
  return found == docs.end() ? nullptr : &*found;
}

void write_parameter(JsonWriter& writer, std::string_view name, std::string_view place) {
  writer.begin_object().field("name", name).field("in", place).field("required", place == "path");
  writer.key("schema").begin_object().field("type", "string").end_object().end_object();
}

void write_parameters(JsonWriter& writer, const Route& route, const RouteDoc* doc) {
  writer.key("parameters").begin_array();
  for (const auto segment : base::split(route.pattern, '/'))
    if (segment.starts_with('{')) write_parameter(writer, segment.substr(1, segment.size() - 2), "path");
  if (doc != nullptr)
    for (const auto name : base::split(doc->parameters, ' '))
      if (!name.empty()) write_parameter(writer, name, "query");
  writer.end_array();
}

void write_content(JsonWriter& writer, std::string_view answer) {
  const bool media_type = answer.find('/') != std::string_view::npos;
  writer.key("content").begin_object();
  writer.key(media_type ? answer : "application/json").begin_object().key("schema").begin_object();
  if (media_type)
    writer.field("type", "string");
  else
    writer.field("$ref", "#/components/schemas/" + std::string(answer));
  writer.end_object().end_object().end_object();
}

void write_responses(JsonWriter& writer, const RouteDoc* doc) {
  const int status = doc == nullptr ? 200 : doc->status;
  writer.key("responses").begin_object();
  writer.key(std::to_string(status)).begin_object().field("description", "Done");
  write_content(writer, doc == nullptr || doc->answer.empty() ? "Object" : doc->answer);
  writer.end_object();
  writer.key("default").begin_object().field("description", "An error");
  write_content(writer, "Error");
  writer.end_object().end_object();
}

/// "open" asks for nothing; everywhere else a key or the cookie of a browser that has signed in.
void write_security(JsonWriter& writer, Access access) {
  writer.key("security").begin_array();
  if (access != Access::open) {
    for (const auto* scheme : {"key", "browser"})
      writer.begin_object().key(scheme).begin_array().end_array().end_object();
  }
  writer.end_array().field("x-needs", service::to_string(access));
}

void write_operation(JsonWriter& writer, const Route& route) {
  const auto* doc = doc_of(route);
  writer.key(base::to_lower(to_string(route.method))).begin_object();
  writer.field("summary", doc == nullptr ? std::string_view(route.pattern) : doc->summary);
  write_parameters(writer, route, doc);
  if (route.body_limit > 0) {
    writer.key("requestBody").begin_object();
    writer.field("description", "At most " + std::to_string(route.body_limit) + " bytes.");
    write_content(writer, route.pattern == "/api/upload" ? "application/octet-stream" : "Object");
    writer.end_object();
  }
  write_responses(writer, doc);
  write_security(writer, route.access);
  writer.end_object();
}

}  // namespace

std::string openapi_json(std::span<const Route> routes, std::string_view version,
                         std::string_view base_path) {
  std::map<std::string, std::vector<const Route*>> paths;
  for (const auto& route : routes) paths[route.pattern].push_back(&route);
  std::string json;
  JsonWriter writer(json);
  writer.begin_object().field("openapi", "3.1.0");
  writer.key("info").begin_object().field("title", "agentpipe-web").field("version", version).end_object();
  writer.key("servers").begin_array().begin_object();
  writer.field("url", base_path.empty() ? std::string_view("/") : base_path).end_object().end_array();
  writer.key("paths").begin_object();
  for (const auto& [pattern, operations] : paths) {
    writer.key(pattern).begin_object();
    for (const auto* route : operations) write_operation(writer, *route);
    writer.end_object();
  }
  writer.end_object()
      .key("components")
      .begin_object()
      .key("securitySchemes")
      .raw(
          R"({"key":{"type":"http","scheme":"bearer"},"browser":{"type":"apiKey","in":"cookie","name":"agentpipe"}})");
  writer.key("schemas").raw(openapi_schemas()).end_object().end_object();
  return json;
}

}  // namespace agentpipe::http
