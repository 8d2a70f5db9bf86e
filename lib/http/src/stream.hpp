#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <cstddef>
#include <memory>
#include <span>
#include <utility>

#include "tls.hpp"

namespace agentpipe::http {

namespace asio = boost::asio;
using boost::system::error_code;

/// Named in full: Asio's type-erased default costs half of the throughput.
using Socket = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;

/// The bytes of one connection, never blocking: try, and wait for readiness when it would block. All that
/// knows the transport is here.
class Stream {
 public:
  using State = IoState;

  /// `tls`: null for plain text.
  explicit Stream(Socket socket, const TlsContext* tls) : socket_(std::move(socket)) {
    error_code ignored;
    socket_.non_blocking(true, ignored);
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    if (tls != nullptr) tls_ = tls->session(socket_.native_handle());
  }

  Moved read(std::span<char> into) {
    if (tls_) return tls_->read(into);
    error_code error;
    const auto bytes = socket_.read_some(asio::buffer(into.data(), into.size()), error);
    return {state_of(error), bytes};
  }
  Moved write(std::span<const asio::const_buffer> pieces) {
    if (tls_) return tls_->write(pieces);
    error_code error;
    const auto bytes = socket_.write_some(pieces, error);
    return {state_of(error), bytes};
  }
  template <class Handler>
  void wait_readable(Handler&& handler) {
    if (tls_ && tls_->has_pending()) {
      asio::post(socket_.get_executor(),
                 [handler = std::forward<Handler>(handler)]() mutable { handler(error_code()); });
      return;
    }
    const bool other_way = tls_ && tls_->read_waits_for_write();
    socket_.async_wait(other_way ? Socket::wait_write : Socket::wait_read, std::forward<Handler>(handler));
  }
  template <class Handler>
  void wait_writable(Handler&& handler) {
    const bool other_way = tls_ && tls_->write_waits_for_read();
    socket_.async_wait(other_way ? Socket::wait_read : Socket::wait_write, std::forward<Handler>(handler));
  }

  /// No more from us; the other end may still send.
  void finish_writing() {
    if (tls_) tls_->finish();
    error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
  }
  void close() {
    if (tls_) tls_->finish();
    error_code ignored;
    socket_.close(ignored);
  }
  [[nodiscard]] std::pair<std::string, std::string> addresses() const {
    error_code ignored;
    return {text_of(socket_.remote_endpoint(ignored).address()),
            text_of(socket_.local_endpoint(ignored).address())};
  }

 private:
  /// A socket of both kinds tells an IPv4 address as ::ffff:192.0.2.1.
  static std::string text_of(const asio::ip::address& address) {
    const bool mapped = address.is_v6() && address.to_v6().is_v4_mapped();
    return mapped ? asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string()
                  : address.to_string();
  }
  static State state_of(const error_code& error) {
    if (!error) return State::ok;
    return error == asio::error::would_block || error == asio::error::try_again ||
                   error == asio::error::interrupted
               ? State::would_block
               : State::closed;
  }

  Socket socket_;
  std::unique_ptr<TlsSession> tls_;  // goes first: it works on the socket
};

}  // namespace agentpipe::http
