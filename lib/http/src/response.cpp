#include "agentpipe/http/response.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace agentpipe::http {

namespace {

using Reason = std::pair<int, std::string_view>;
constexpr std::array<Reason, 24> k_reasons{{{200, "OK"},
                                            {201, "Created"},
                                            {202, "Accepted"},
                                            {204, "No Content"},
                                            {301, "Moved Permanently"},
                                            {302, "Found"},
                                            {303, "See Other"},
                                            {304, "Not Modified"},
                                            {400, "Bad Request"},
                                            {401, "Unauthorized"},
                                            {403, "Forbidden"},
                                            {404, "Not Found"},
                                            {405, "Method Not Allowed"},
                                            {408, "Request Timeout"},
                                            {409, "Conflict"},
                                            {413, "Content Too Large"},
                                            {414, "URI Too Long"},
                                            {415, "Unsupported Media Type"},
                                            {421, "Misdirected Request"},
                                            {422, "Unprocessable Content"},
                                            {429, "Too Many Requests"},
                                            {431, "Request Header Fields Too Large"},
                                            {500, "Internal Server Error"},
                                            {503, "Service Unavailable"}}};

std::string_view bytes(const std::string& text) {
  return text;
}
std::string_view bytes(const std::shared_ptr<const std::string>& text) {
  return text ? std::string_view(*text) : std::string_view{};
}
std::string_view bytes(std::span<const std::byte> span) {
  return {reinterpret_cast<const char*>(span.data()), span.size()};
}

}  // namespace

std::string_view view(const Body& body) {
  return std::visit([](const auto& alternative) { return bytes(alternative); }, body);
}

std::string_view reason_phrase(int status) {
  const auto row = std::ranges::find(k_reasons, status, &Reason::first);
  return row == k_reasons.end() ? "Unknown" : row->second;
}

Response Response::json(int status, std::string body) {
  Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

Response Response::text(int status, std::string body) {
  auto response = json(status, std::move(body));
  response.content_type = "text/plain; charset=utf-8";
  return response;
}

Response& Response::add(std::string_view name, std::string_view value) {
  headers.append(name).append(": ");
  std::ranges::transform(value, std::back_inserter(headers),
                         [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c; });
  headers += "\r\n";
  return *this;
}

}  // namespace agentpipe::http
