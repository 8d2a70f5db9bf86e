#include <algorithm>
#include <array>
#include <exception>

#include "agentpipe/base/log.hpp"
#include "agentpipe/base/text.hpp"
#include "body_coding.hpp"
#include "connection.hpp"

namespace agentpipe::http {

namespace {

// simdjson reads that far behind the end.
constexpr std::size_t k_body_padding = 64;
// Never reserved on a claim alone.
constexpr std::size_t k_first_reserve = 64UL << 10U;
// Where none is expected: some clients send an empty object with a DELETE.
constexpr std::size_t k_ignored_body = 4096;
// Framing that a chunked body may cost beside what it holds: a byte a chunk, and some.
constexpr std::size_t k_chunk_overhead = 64UL << 10U;
constexpr std::size_t k_chunk_overhead_factor = 8;
// Read and thrown away so that the client sees our answer: twice the longest event. Beyond that it may see a
// reset.
constexpr std::size_t k_max_passed_over = 16UL << 20U;

bool is_decent_id(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::ranges::all_of(id, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_' || c == '.';
  });
}

struct RefusalCode {
  int status;
  std::string_view code;
};
constexpr std::array<RefusalCode, 9> k_refusal_codes{{{400, "bad_request"},
                                                      {404, "not_found"},
                                                      {405, "method_not_allowed"},
                                                      {408, "timeout"},
                                                      {413, "too_large"},
                                                      {414, "url_too_long"},
                                                      {415, "unsupported_encoding"},
                                                      {421, "unknown_host"},
                                                      {431, "header_too_large"}}};

Response refusal(int status, std::string_view sentence, std::string_view request_id) {
  const auto* const row = std::ranges::find(k_refusal_codes, status, &RefusalCode::status);
  base::Error error;
  error.code = base::ErrorCode::invalid;
  error.message = sentence;
  error.reason = row == k_refusal_codes.end() ? "bad_request" : row->code;
  auto response = error_response(error, request_id);
  response.status = status;
  return response;
}

}  // namespace

void Connection::wait_input() {
  if (reading_) return;
  reading_ = true;
  stream_.wait_readable([self = shared_from_this()](error_code) {
    self->reading_ = false;
    if (self->phase_ != Phase::closed) self->on_readable();
  });
}

void Connection::on_readable() {
  const auto scratch = loop_->scratch();
  const auto moved = stream_.read(scratch);
  if (moved.state == Stream::State::would_block) return wait_input();
  // Who has asked for a download may say that it asks for nothing more; if it has gone, writing fails.
  if (moved.state == Stream::State::closed && phase_ == Phase::downloading) return;
  if (moved.state == Stream::State::closed) return close();
  if (phase_ == Phase::lingering && (passed_over_ += moved.bytes) > k_max_passed_over) return close();
  if (phase_ == Phase::streaming || phase_ == Phase::downloading || phase_ == Phase::lingering)
    return wait_input();
  in_->bytes.append(scratch.data(), moved.bytes);
  advance();
}

void Connection::advance() {
  if (advancing_) return;  // the answer came at once: the loop below goes on
  advancing_ = true;
  while (step()) {
  }
  advancing_ = false;
  if (phase_ > Phase::body) return;
  in_->bytes.erase(0, in_->used);
  in_->used = 0;
  wait_input();
}

bool Connection::step() {
  switch (phase_) {
    case Phase::idle:
    case Phase::head:
      return read_head();
    case Phase::body:
      return read_body();
    default:
      return false;
  }
}

bool Connection::read_head() {
  if (phase_ == Phase::idle) {
    while (in_->rest().starts_with("\r\n")) in_->used += 2;  // RFC 9112, 2.2
    if (in_->rest().empty() || in_->rest() == "\r") return false;
    phase_ = Phase::head;
    set_deadline(timeouts().header);
  }
  const auto verdict = in_->scanner.scan(in_->rest());
  if (verdict.state == HeadScanner::Verdict::State::incomplete) return false;
  persistence_ = Persistence::close;
  if (verdict.state == HeadScanner::Verdict::State::refused) {
    return refuse(verdict.status, "The header of the request is too long or not in lines that end in CR LF.");
  }
  const auto head = in_->rest().substr(0, verdict.size);
  const auto status = in_->parser.read_head(head, shared().options.base_path, in_->request);
  if (status != 0) return refuse(status, "This is not a request of HTTP/1.1, or its length is ambiguous.");
  in_->used += verdict.size;
  return begin_request();
}

void Connection::note_request_id() {
  const auto given = in_->request.header_or_empty("x-request-id");
  request_id_ = is_decent_id(given) ? std::string(given) : loop_->next_request_id();
  in_->request.id = request_id_;
}

std::string Connection::client_of(const Request& request) {
  const auto& clients = shared().clients;
  return clients.trusts_anybody() ? clients.of(peer_, request.joined("x-forwarded-for")) : peer_;
}

bool Connection::begin_request() {
  auto& request = in_->request;
  shared().requests.fetch_add(1, std::memory_order_relaxed);
  had_request_ = true;
  note_request_id();
  request.peer = client_of(request);
  head_only_ = request.method == Method::head;
  old_version_ = in_->parser.old_version();
  const bool stays = in_->parser.keep_alive() && !old_version_ && !shared().stopping;
  persistence_ = stays ? Persistence::keep_alive : Persistence::close;
  const auto rest = in_->parser.chunked() || in_->parser.content_length() > 0 ? Rest::unread : Rest::read;

  if (!old_version_ && !request.header("host")) return refuse(400, "HTTP/1.1 asks for a Host header.");
  if (auto fine = shared().origins.check_host(request, peer_.empty() ? peer_ : stream_.addresses().second);
      !fine) {
    return refuse(refusal(421, fine.error().message, request_id_), rest);
  }
  auto match = shared().router.find(request.method, request.path());
  if (request.method == Method::options && !match.allow.empty()) {
    return refuse(std::move(Response::json(204, {}).add("Allow", match.allow)), rest);
  }
  if (match.route == nullptr) {
    constexpr std::string_view k_sentence = "There is nothing here that answers to this method and path.";
    auto response = refusal(match.status, k_sentence, request_id_);
    if (!match.allow.empty()) response.add("Allow", match.allow);
    return refuse(std::move(response), rest);
  }
  in_->route = match.route;
  request.parameters = std::move(match.parameters);
  if (auto fine = check_request(); !fine) return refuse(error_response(fine.error(), request_id_), rest);
  return rest == Rest::read ? dispatch() : begin_body();
}

base::Result<void> Connection::check_request() {
  auto& request = in_->request;
  auto query = Query::parse(request.query_text());
  if (!query) return base::forward(query);
  request.query = std::move(*query);
  if (auto fine = shared().origins.check_origin(request); !fine) return fine;
  if (shared().gate) {
    auto fine = shared().gate(in_->route->access, request);
    limit_headers_ = std::move(request.limit_headers);
    if (!fine) return fine;
  }
  if (!in_->parser.chunked() && in_->parser.content_length() > body_limit()) {
    return base::failure(base::ErrorCode::too_large,
                         "The body may have at most " + std::to_string(body_limit()) + " bytes here.");
  }
  return {};
}

std::size_t Connection::body_limit() const {
  return in_->route->body_limit > 0 ? in_->route->body_limit : k_ignored_body;
}

bool Connection::begin_body() {
  auto& request = in_->request;
  const auto coding = coding_of(request);
  if (!coding || (*coding != Coding::identity && in_->route->bodies == Bodies::plain)) {
    const bool knows = in_->route->bodies == Bodies::maybe_packed;
    auto response = refusal(
        415, knows ? "Content-Encoding may be gzip or zstd here." : "Send the body without Content-Encoding.",
        request_id_);
    response.add("Accept-Encoding", knows ? "gzip, zstd" : "identity");
    return refuse(std::move(response), Rest::unread);
  }
  const auto claimed = in_->parser.chunked() ? 0 : static_cast<std::size_t>(in_->parser.content_length());
  request.body.reserve(std::min(claimed, k_first_reserve) + k_body_padding);
  in_->body_received = 0;
  phase_ = Phase::body;
  set_deadline(timeouts().body_grace);
  if (in_->rest().empty() && !old_version_ &&
      base::equals_ignore_case(request.header_or_empty("expect"), "100-continue")) {
    constexpr std::string_view k_continue = "HTTP/1.1 100 Continue\r\n\r\n";
    const std::array<asio::const_buffer, 1> pieces{asio::buffer(k_continue)};
    if (stream_.write(pieces).bytes != k_continue.size()) {
      close();
      return false;
    }
  }
  return true;
}

bool Connection::read_body() {
  return in_->parser.chunked() ? read_chunked_body() : read_plain_body();
}

bool Connection::read_plain_body() {
  auto& body = in_->request.body;
  const auto wanted = static_cast<std::size_t>(in_->parser.content_length()) - body.size();
  const auto some = in_->rest().substr(0, wanted);
  body.append(some);
  in_->used += some.size();
  in_->body_received += some.size();
  if (some.size() < wanted) return false;
  body.reserve(body.size() + k_body_padding);
  return dispatch();
}

bool Connection::read_chunked_body() {
  const auto progress = in_->parser.read_chunks(in_->rest(), body_limit(), in_->request);
  in_->used += progress.used;
  in_->body_received += progress.used;
  const auto allowed = k_chunk_overhead + k_chunk_overhead_factor * in_->request.body.size();
  int status = progress.status;
  // What is not used is the beginning of a chunk's size line or of the trailers: an endless one is an attack.
  if (!progress.done && in_->rest().size() > shared().options.limits.chunk_line) status = 400;
  if (status == 0 && in_->body_received > allowed) status = 400;
  if (status == 413) {
    return refuse(refusal(413, "The body is longer than this endpoint takes.", request_id_), Rest::unread);
  }
  if (status != 0) return refuse(status, "The chunks of the body are malformed or too small.");
  if (!progress.done) return false;
  in_->request.body.reserve(in_->request.body.size() + k_body_padding);
  return dispatch();
}

bool Connection::dispatch() {
  phase_ = Phase::handling;
  deadline_ = base::Ticks::max();
  const auto* route = in_->route;
  caller_ = in_->request.caller.empty() ? in_->request.peer : in_->request.caller;
  try {
    route->handler(std::move(in_->request), Responder(shared_from_this()));
  } catch (const std::exception& problem) {  // the Responder has answered 500 on its way out
    base::log(base::LogLevel::error, "a handler failed",
              {{"request_id", request_id_}, {"what", problem.what()}});
  }
  return phase_ == Phase::idle;
}

bool Connection::refuse(int status, std::string_view sentence) {
  if (request_id_.empty()) request_id_ = loop_->next_request_id();
  return refuse(refusal(status, sentence, request_id_), Rest::unread);
}

}  // namespace agentpipe::http
