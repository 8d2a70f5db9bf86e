#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "agentpipe/base/files.hpp"
#include "agentpipe/base/text.hpp"

namespace agentpipe::test {

struct HttpReply {
  int status = 0;
  std::map<std::string, std::string> headers;  // lower-case names
  std::string body;
};

/// A blocking TCP connection to 127.0.0.1 that says exactly what a test wants to say. Throws when nothing
/// comes for 20 s.
class HttpClient {
 public:
  explicit HttpClient(unsigned short port, int receive_buffer = 0)
      : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    if (receive_buffer > 0) {
      setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("cannot connect");
    }
  }

  /// False: the other end has closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  void finish_sending() { ::shutdown(socket_.get(), SHUT_WR); }

  /// Some more bytes; empty: the other end has closed.
  std::string receive() {
    pollfd wait{socket_.get(), POLLIN, 0};
    if (::poll(&wait, 1, 20'000) != 1) throw std::runtime_error("nothing came");
    std::string bytes(65536, '\0');
    const auto got = ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
  }
  /// Everything until the other end closes.
  std::string receive_all() {
    std::string all = std::exchange(pending_, {});
    for (auto part = receive(); !part.empty(); part = receive()) all += part;
    return all;
  }
  /// Reads until `text` has come; returns everything up to and including it.
  std::string receive_until(std::string_view text) {
    for (std::size_t from = 0;;) {
      const auto at = pending_.find(text, from);
      if (at != std::string::npos) {
        auto head = pending_.substr(0, at + text.size());
        pending_.erase(0, at + text.size());
        return head;
      }
      from = pending_.size() > text.size() ? pending_.size() - text.size() : 0;
      auto part = receive();
      if (part.empty())
        throw std::runtime_error("closed before \"" + std::string(text) + "\" came: " + pending_);
      pending_ += part;
    }
  }

  /// The next answer; `without_body` for one to HEAD.
  HttpReply reply(bool without_body = false) {
    HttpReply reply;
    const auto head = receive_until("\r\n\r\n");
    reply.status = std::stoi(head.substr(9, 3));
    for (const auto line : base::split(head, '\n')) {
      const auto colon = line.find(':');
      if (colon == std::string_view::npos) continue;
      reply.headers[base::to_lower(line.substr(0, colon))] = base::trim(line.substr(colon + 1));
    }
    if (without_body || !reply.headers.contains("content-length")) return reply;
    const auto size = std::stoul(reply.headers["content-length"]);
    while (pending_.size() < size) {
      auto part = receive();
      if (part.empty()) throw std::runtime_error("closed within a body");
      pending_ += part;
    }
    reply.body = pending_.substr(0, size);
    pending_.erase(0, size);
    return reply;
  }
  HttpReply ask(std::string_view request) {
    send(request);
    return reply();
  }
  HttpReply get(const std::string& target, const std::string& headers = {}) {
    return ask("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n");
  }
  HttpReply post(const std::string& target, const std::string& body, const std::string& headers = {}) {
    return ask("POST " + target + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " +
               std::to_string(body.size()) + "\r\n" + headers + "\r\n" + body);
  }

 private:
  base::FileDescriptor socket_;
  std::string pending_;
};

}  // namespace agentpipe::test
