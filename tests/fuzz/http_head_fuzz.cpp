#include "fuzzing.hpp"
#include "head_scanner.hpp"
#include "request_parser.hpp"

using namespace agentpipe;

/// A request from its first byte on: the head up to the empty line, then a body in chunks.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t k_body = 4096;
  const auto text = fuzz::text_of(data, size);
  const http::Limits limits;
  http::HeadScanner scanner(limits);
  const auto head = scanner.scan(text);
  if (head.state != http::HeadScanner::Verdict::State::complete) return 0;
  http::RequestParser parser;
  http::Request request;
  if (parser.read_head(text.substr(0, head.size), "/base", request) != 0) return 0;
  const auto path = request.path();  // empty: the base path itself
  fuzz::hold(path.empty() || path.starts_with('/') || path == "*", "a path is absolute", path);
  (void)request.bearer();
  (void)request.cookie("agentpipe");
  (void)request.joined("x-forwarded-for");
  if (!parser.chunked()) return 0;
  const auto body = text.substr(head.size);
  const auto progress = parser.read_chunks(body, k_body, request);
  fuzz::hold(progress.used <= body.size(), "no more is used than came", text);
  fuzz::hold(request.body.size() <= k_body, "a body keeps to its limit", text);
  return 0;
}
