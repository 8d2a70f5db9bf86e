#include "tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

namespace agentpipe::http {

namespace {

namespace asio = boost::asio;

constexpr std::size_t k_record = 16UL << 10U;

std::string openssl_words() {
  const char* words = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return words != nullptr ? words : "unknown error";
}

tl::unexpected<base::Error> unusable(std::string_view what, const std::string& path) {
  return base::failure(base::ErrorCode::configuration,
                       "Cannot use the " + std::string(what) + " " + path + ": " + openssl_words() + ".");
}

std::shared_ptr<ssl_ctx_st> make_context() {
  std::shared_ptr<ssl_ctx_st> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(),
                      SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_COMPRESSION);
  // Small pieces go out as they are; an idle connection keeps no buffers.
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                      SSL_MODE_RELEASE_BUFFERS);
  return context;
}

}  // namespace

base::Result<void> TlsContext::load() {
  ERR_clear_error();
  auto context = make_context();
  if (SSL_CTX_use_certificate_chain_file(context.get(), files_.certificate.c_str()) != 1)
    return unusable("certificate", files_.certificate);
  if (SSL_CTX_use_PrivateKey_file(context.get(), files_.key.c_str(), SSL_FILETYPE_PEM) != 1)
    return unusable("private key", files_.key);
  const base::MutexLock lock(mutex_);
  current_ = std::move(context);
  return {};
}

std::unique_ptr<TlsSession> TlsContext::session(int socket) const {
  const base::MutexLock lock(mutex_);
  return std::make_unique<TlsSession>(*current_, socket);
}

void TlsSession::Free::operator()(ssl_st* session) const {
  SSL_free(session);
}

TlsSession::TlsSession(ssl_ctx_st& context, int socket) : session_(SSL_new(&context)) {
  SSL_set_fd(session_.get(), socket);
  SSL_set_accept_state(session_.get());
}

Moved TlsSession::read(std::span<char> into) {
  Moved moved;
  read_waits_for_write_ = false;
  while (moved.bytes < into.size()) {
    ERR_clear_error();
    std::size_t got = 0;
    const int done = SSL_read_ex(session_.get(), into.data() + moved.bytes, into.size() - moved.bytes, &got);
    if (done == 1) {
      moved.bytes += got;
      continue;
    }
    if (moved.bytes > 0) break;  // the end is met again
    const int why = SSL_get_error(session_.get(), done);
    read_waits_for_write_ = why == SSL_ERROR_WANT_WRITE;
    const bool waits = why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE;
    moved.state = waits ? IoState::would_block : IoState::closed;
    break;
  }
  ERR_clear_error();
  return moved;
}

Moved TlsSession::write(std::span<const asio::const_buffer> pieces) {
  // What is small travels in one record: an answer's head and body.
  std::array<char, k_record> record{};
  std::size_t size = 0;
  for (const auto& piece : pieces) {
    const auto some = std::min(piece.size(), record.size() - size);
    std::memcpy(record.data() + size, piece.data(), some);
    size += some;
    if (size == record.size()) break;
  }
  ERR_clear_error();
  Moved moved;
  const int done = SSL_write_ex(session_.get(), record.data(), size, &moved.bytes);
  write_waits_for_read_ = false;
  if (done == 1) return moved;
  const int why = SSL_get_error(session_.get(), done);
  write_waits_for_read_ = why == SSL_ERROR_WANT_READ;
  const bool waits = why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE;
  ERR_clear_error();
  return {waits ? IoState::would_block : IoState::closed, 0};
}

bool TlsSession::has_pending() const {
  return SSL_pending(session_.get()) > 0;
}

void TlsSession::finish() {
  ERR_clear_error();
  SSL_shutdown(session_.get());
  ERR_clear_error();
}

}  // namespace agentpipe::http
