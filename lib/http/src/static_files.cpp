#include "agentpipe/http/static_files.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "agentpipe/base/crypto.hpp"
#include "agentpipe/base/text.hpp"
#include "agentpipe/service/escape.hpp"

namespace agentpipe::http {

namespace {

constexpr std::size_t k_max_file = 32UL << 20U;

/// index.html as this server sends it.
struct Index {
  std::shared_ptr<const std::string> plain;
  std::shared_ptr<const std::string> packed;
  std::string etag;
};

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::optional<Index> make_index(const FindFile& find, std::string_view base_path) {
  const auto file = find("/index.html");
  auto page = file ? gunzip(file->gzip, k_max_file) : std::nullopt;
  if (!page) return std::nullopt;
  auto plain = std::make_shared<const std::string>(
      replace_all(std::move(*page), "{{base}}", service::escape_html(base_path)));
  auto packed = std::make_shared<const std::string>(gzip(*plain));
  auto etag = "\"" + base::sha256_hex(*plain).substr(0, 16) + "\"";
  return Index{std::move(plain), std::move(packed), std::move(etag)};
}

bool takes_gzip(const Request& request) {
  for (const auto part : base::split(request.header_or_empty("accept-encoding"), ',')) {
    const auto fields = base::split(part, ';');
    if (!base::equals_ignore_case(base::trim(fields.front()), "gzip")) continue;
    const auto weight = fields.size() > 1 ? base::trim(fields[1]) : std::string_view("q=1");
    return weight.find_first_of("123456789") != std::string_view::npos;
  }
  return false;
}

bool has_already(const Request& request, std::string_view etag) {
  for (const auto part : base::split(request.header_or_empty("if-none-match"), ',')) {
    auto tag = base::trim(part);
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    if (tag == etag || tag == "*") return true;
  }
  return false;
}

bool wants_page(const Request& request) {
  return request.header_or_empty("accept").find("text/html") != std::string_view::npos;
}

Response page_response(std::string_view content_type, std::string_view etag, std::string_view cache) {
  Response response;
  response.audience = Audience::page;
  response.content_type = content_type;
  response.add("ETag", etag).add("Cache-Control", cache).add("Vary", "Accept-Encoding");
  return response;
}

Response file_response(const Request& request, const StaticFile& file) {
  auto response = page_response(file.content_type, file.etag,
                                file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
  if (has_already(request, file.etag)) {
    response.status = 304;
  } else if (takes_gzip(request)) {
    response.add("Content-Encoding", "gzip").body = file.gzip;
  } else if (auto plain = gunzip(file.gzip, k_max_file)) {
    response.body = std::move(*plain);
  }
  return response;
}

Response index_response(const Request& request, const Index& index) {
  auto response = page_response("text/html; charset=utf-8", index.etag, "no-cache");
  if (has_already(request, index.etag)) {
    response.status = 304;
  } else if (takes_gzip(request)) {
    response.add("Content-Encoding", "gzip").body = index.packed;
  } else {
    response.body = index.plain;
  }
  return response;
}

Response lead_to_plain(const Request& request, std::string_view base_path) {
  const auto path = request.path();
  Response response;
  response.status = 303;
  response.add("Location", std::string(base_path) + "/plain" +
                               std::string(path.starts_with("/sessions/") ? path : "/sessions"));
  return response;
}

Response nothing_here(const Request& request) {
  return error_response({base::ErrorCode::not_found, "There is no page at this address.", {}, {}, {}},
                        request.id);
}

}  // namespace

Handler static_files(FindFile find, std::string base_path) {
  const auto index = std::make_shared<const std::optional<Index>>(make_index(find, base_path));
  return [find = std::move(find), index, base = std::move(base_path)](const Request& request,
                                                                      Responder respond) {
    const auto path = request.path();
    const bool root = path.empty() || path == "/" || path == "/index.html";
    if (!root) {
      if (const auto file = find(path)) return respond(file_response(request, *file));
      if (!wants_page(request)) return respond(nothing_here(request));
    }
    const bool plain = !*index || request.query.get("noscript");
    respond(plain ? lead_to_plain(request, base) : index_response(request, **index));
  };
}

}  // namespace agentpipe::http
