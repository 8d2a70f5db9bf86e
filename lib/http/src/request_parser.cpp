#include "request_parser.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <limits>
#include <utility>

#include "agentpipe/base/text.hpp"

namespace agentpipe::http {

namespace {

namespace beast = boost::beast;
using beast::error_code;

// The scanner has bounded the header; a bound here as well covers the trailers of a chunked body.
constexpr std::uint32_t k_header_limit = 64U << 10U;

}  // namespace

/// Notes where the fields lie instead of copying them one by one.
class RequestParser::Impl final : public beast::http::basic_parser<true> {
 public:
  Impl() {
    header_limit(k_header_limit);
    body_limit(boost::none);  // the route decides, after the header
  }

  void fill(Request* request, const char* origin) {
    request_ = request;
    origin_ = origin;
  }
  std::string_view method, target;
  bool ambiguous = false;  // a proxy might read it differently
  bool old = false;
  std::vector<Request::Field> fields;

 private:
  [[nodiscard]] std::uint32_t place(beast::string_view text) const {
    return static_cast<std::uint32_t>(text.data() - origin_);
  }

  void on_request_impl(beast::http::verb, beast::string_view name, beast::string_view where, int version,
                       error_code&) override {
    method = {name.data(), name.size()};
    target = {where.data(), where.size()};
    old = version < 11;
  }
  void on_field_impl(beast::http::field known, beast::string_view name, beast::string_view value,
                     error_code&) override {
    if (is_header_done()) return;  // a trailer
    if (known == beast::http::field::transfer_encoding && !beast::iequals(value, "chunked")) ambiguous = true;
    if (known == beast::http::field::host && std::exchange(names_host_, true)) ambiguous = true;
    fields.push_back({place(name), static_cast<std::uint32_t>(name.size()), value.empty() ? 0 : place(value),
                      static_cast<std::uint32_t>(value.size())});
  }
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view bytes, error_code&) override {
    request_->body.append(bytes.data(), bytes.size());
    return bytes.size();
  }
  std::size_t on_body_impl(beast::string_view bytes, error_code&) override { return bytes.size(); }
  void on_response_impl(int, beast::string_view, int, error_code&) override {}
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  void on_chunk_header_impl(std::uint64_t, beast::string_view, error_code&) override {}
  void on_finish_impl(error_code&) override {}

  Request* request_ = nullptr;
  const char* origin_ = nullptr;
  bool names_host_ = false;
};

RequestParser::RequestParser() = default;
RequestParser::~RequestParser() = default;

void RequestParser::reset() {
  impl_.reset();
}

int RequestParser::read_head(std::string_view head, std::string_view base_path, Request& request) {
  impl_ = std::make_unique<Impl>();
  request.head_.assign(head);
  const std::string_view own(request.head_);
  impl_->fill(&request, own.data());
  error_code error;
  // One call reads the request line and the fields, and stops before the body.
  const auto used = impl_->put(boost::asio::buffer(own.data(), own.size()), error);
  if (error || used != own.size() || !impl_->is_header_done()) return 400;
  if (impl_->ambiguous) return 400;

  auto target = impl_->target;
  request.method = parse_method(impl_->method);
  request.fields_ = std::move(impl_->fields);
  // RFC 9112, 3.2.2: the absolute form must be understood; its authority replaces nothing we use.
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!target.starts_with(scheme)) continue;
    const auto slash = target.find('/', scheme.size());
    if (slash == std::string_view::npos) return 400;
    target.remove_prefix(slash);
  }
  if (!target.starts_with('/')) return 400;
  const auto question = target.find('?');
  auto path = target.substr(0, question);
  if (!base_path.empty() && path.starts_with(base_path) &&
      (path.size() == base_path.size() || path[base_path.size()] == '/')) {
    path.remove_prefix(base_path.size());
  }
  request.path_ = static_cast<std::uint32_t>(path.data() - own.data());
  request.path_size_ = static_cast<std::uint32_t>(path.size());
  if (question == std::string_view::npos) return 0;
  const auto query = target.substr(question + 1);
  request.query_ = static_cast<std::uint32_t>(query.data() - own.data());
  request.query_size_ = static_cast<std::uint32_t>(query.size());
  return 0;
}

bool RequestParser::keep_alive() const {
  return impl_->keep_alive();
}
bool RequestParser::old_version() const {
  return impl_->old;
}
bool RequestParser::chunked() const {
  return impl_->chunked();
}
std::uint64_t RequestParser::content_length() const {
  const auto length = impl_->content_length();
  return length ? *length : 0;
}

RequestParser::Progress RequestParser::read_chunks(std::string_view bytes, std::size_t limit,
                                                   Request& request) {
  impl_->fill(&request, nullptr);
  Progress progress;
  while (progress.used < bytes.size() && !progress.done) {
    error_code error;
    if (request.body.size() > limit) return {progress.used, false, 413};
    const auto rest = bytes.substr(progress.used);
    progress.used += impl_->put(boost::asio::buffer(rest.data(), rest.size()), error);
    if (error == beast::http::error::need_more) break;
    if (error) return {progress.used, false, error == beast::http::error::body_limit ? 413 : 400};
    progress.done = impl_->is_done();
  }
  if (request.body.size() > limit) progress.status = 413;
  return progress;
}

}  // namespace agentpipe::http
