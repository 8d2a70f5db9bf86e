#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <span>
#include <utility>

namespace agentpipe::http {

namespace asio = boost::asio;
using boost::system::error_code;

/// Named in full: Asio's type-erased default costs half of the throughput.
using Socket = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;

/// The bytes of one connection, never blocking: try, and wait for readiness when it would block. All that
/// knows the transport is here; an encrypted one differs in these functions only.
class Stream {
 public:
  enum class State : unsigned char { ok, would_block, closed };
  struct Moved {
    State state = State::ok;
    std::size_t bytes = 0;
  };

  explicit Stream(Socket socket) : socket_(std::move(socket)) {
    error_code ignored;
    socket_.non_blocking(true, ignored);
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  }

  Moved read(std::span<char> into) {
    error_code error;
    const auto bytes = socket_.read_some(asio::buffer(into.data(), into.size()), error);
    return {state_of(error), bytes};
  }
  Moved write(std::span<const asio::const_buffer> pieces) {
    error_code error;
    const auto bytes = socket_.write_some(pieces, error);
    return {state_of(error), bytes};
  }
  template <class Handler>
  void wait_readable(Handler&& handler) {
    socket_.async_wait(Socket::wait_read, std::forward<Handler>(handler));
  }
  template <class Handler>
  void wait_writable(Handler&& handler) {
    socket_.async_wait(Socket::wait_write, std::forward<Handler>(handler));
  }

  /// No more from us; the other end may still send.
  void finish_writing() {
    error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
  }
  void close() {
    error_code ignored;
    socket_.close(ignored);
  }
  [[nodiscard]] std::pair<std::string, std::string> addresses() const {
    error_code ignored;
    return {socket_.remote_endpoint(ignored).address().to_string(),
            socket_.local_endpoint(ignored).address().to_string()};
  }

 private:
  static State state_of(const error_code& error) {
    if (!error) return State::ok;
    return error == asio::error::would_block || error == asio::error::try_again ||
                   error == asio::error::interrupted
               ? State::would_block
               : State::closed;
  }

  Socket socket_;
};

}  // namespace agentpipe::http
