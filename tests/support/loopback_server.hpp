#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <deque>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "agentpipe/base/files.hpp"
#include "agentpipe/base/text.hpp"

namespace agentpipe::test {

/// One request as it came over the wire.
struct WireRequest {
  std::string head;  ///< request line and headers, CR LF between them
  std::string body;
};

/// A real HTTP server on 127.0.0.1 and a port of the system's choice. Sends raw bytes from a script, so that
/// it can be as rude as a test needs; when the script is over, 200 {"success":true}. Serves one connection at
/// a time and keeps it open.
class LoopbackServer {
 public:
  /// Closes the connection instead of answering.
  static constexpr const char* k_hang_up = "hang up";
  /// Keeps the connection open and says nothing.
  static constexpr const char* k_say_nothing = "";

  LoopbackServer() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_.get(), generic, size) != 0 || ::listen(listener_.get(), 8) != 0 ||
        ::getsockname(listener_.get(), generic, &size) != 0) {
      throw std::runtime_error("cannot listen on loopback");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
  }

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

  /// The next answer, as raw bytes.
  LoopbackServer& then(std::string raw) {
    const std::lock_guard lock(mutex_);
    script_.push_back(std::move(raw));
    return *this;
  }
  LoopbackServer& then(int status, const std::string& body, const std::string& headers = {}) {
    return then(reply(status, body, headers));
  }
  static std::string reply(int status, const std::string& body, const std::string& headers = {}) {
    return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n" + headers + "\r\n" + body;
  }

  [[nodiscard]] std::vector<WireRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  [[nodiscard]] int connections() const {
    const std::lock_guard lock(mutex_);
    return connections_;
  }

 private:
  static sockaddr_in loopback(in_port_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }

  /// False: a stop.
  static bool wait_readable(int fd, const std::stop_token& stop) {
    pollfd entry{fd, POLLIN, 0};
    while (!stop.stop_requested()) {
      if (::poll(&entry, 1, 5) > 0) return true;
    }
    return false;
  }

  void serve(const std::stop_token& stop) {
    while (wait_readable(listener_.get(), stop)) {
      const base::FileDescriptor connection(::accept(listener_.get(), nullptr, nullptr));
      {
        const std::lock_guard lock(mutex_);
        ++connections_;
      }
      while (answer_one(connection.get(), stop)) {
      }
    }
  }

  bool answer_one(int fd, const std::stop_token& stop) {
    WireRequest request;
    if (!read_request(fd, request, stop)) return false;
    const std::string raw = next(std::move(request));
    if (raw == k_hang_up) return false;
    for (std::size_t sent = 0; sent < raw.size();) {
      const auto count = ::send(fd, raw.data() + sent, raw.size() - sent, MSG_NOSIGNAL);
      if (count <= 0) return false;
      sent += static_cast<std::size_t>(count);
    }
    return raw.find("Connection: close") == std::string::npos;
  }

  static bool read_request(int fd, WireRequest& request, const std::stop_token& stop) {
    std::string bytes;
    std::size_t end = std::string::npos;
    while ((end = bytes.find("\r\n\r\n")) == std::string::npos) {
      if (!read_more(fd, bytes, stop)) return false;
    }
    request.head = bytes.substr(0, end);
    request.body = bytes.substr(end + 4);
    while (request.body.size() < content_length(request.head)) {
      if (!read_more(fd, request.body, stop)) return false;
    }
    return true;
  }

  static bool read_more(int fd, std::string& bytes, const std::stop_token& stop) {
    char buffer[16384];
    if (!wait_readable(fd, stop)) return false;
    const auto count = ::recv(fd, buffer, sizeof buffer, 0);
    if (count > 0) bytes.append(buffer, static_cast<std::size_t>(count));
    return count > 0;
  }

  static std::size_t content_length(const std::string& head) {
    constexpr std::string_view name = "content-length:";
    const std::string lower = base::to_lower(head);
    const std::size_t at = lower.find(name);
    if (at == std::string::npos) return 0;
    const std::size_t begin = at + name.size();
    return base::parse_number(
               base::trim(std::string_view(lower).substr(begin, lower.find('\r', begin) - begin)))
        .value_or(0);
  }

  std::string next(WireRequest request) {
    const std::lock_guard lock(mutex_);
    requests_.push_back(std::move(request));
    if (script_.empty()) return reply(200, R"({"success":true})");
    std::string raw = std::move(script_.front());
    script_.pop_front();
    return raw;
  }

  mutable std::mutex mutex_;
  std::deque<std::string> script_;
  std::vector<WireRequest> requests_;
  int connections_ = 0;
  base::FileDescriptor listener_;
  in_port_t port_ = 0;
  std::jthread thread_;
};

}  // namespace agentpipe::test
