#pragma once

#include <doctest/doctest.h>

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/base/text.hpp"
#include "agentpipe/http/server.hpp"
#include "http_client.hpp"

namespace agentpipe::test {

/// Keeps requests until the test answers them.
class Desk {
 public:
  http::Handler handler() {
    return [this](http::Request request, http::Responder respond) {
      const std::lock_guard lock(mutex_);
      waiting_.emplace_back(std::move(request.body), std::move(respond));
      news_.notify_all();
    };
  }
  /// Waits for a request and takes it.
  std::pair<std::string, http::Responder> take() {
    std::unique_lock lock(mutex_);
    news_.wait(lock, [this] { return !waiting_.empty(); });
    auto first = std::move(waiting_.front());
    waiting_.pop_front();
    return first;
  }

 private:
  std::mutex mutex_;
  std::condition_variable news_;
  std::deque<std::pair<std::string, http::Responder>> waiting_;
};

/// Says what it was told.
inline void echo(http::Request request, http::Responder respond) {
  std::string text(http::to_string(request.method));
  text.append(" ").append(request.path());
  for (const auto& parameter : request.parameters) text += " [" + parameter + "]";
  for (const auto& [name, value] : request.query.all()) text += " " + name + "=" + value;
  if (!request.body.empty()) text += " " + request.body;
  respond(http::Response::text(200, text));
}

/// The default options with some changes.
http::ServerOptions options_with(auto change) {
  http::ServerOptions options;
  change(options);
  return options;
}

/// A server on a free port of 127.0.0.1 with a few routes and whatever the test adds.
class TestServer {
 public:
  explicit TestServer(http::ServerOptions options = {}, std::vector<http::Route> routes = {},
                      http::Gate gate = {}) {
    using http::Access;
    using http::Method;
    options.listen = {"127.0.0.1:0"};
    options.timeouts.sweep = base::Milliseconds(10);
    routes.push_back({Method::get, "/echo", 0, Access::open, echo});
    routes.push_back({Method::post, "/echo", 1000, Access::open, echo});
    routes.push_back(
        {Method::post, "/big", 8UL << 20U, Access::ingest, [](const http::Request& request, auto respond) {
           respond(http::Response::text(200, std::to_string(request.body.size())));
         }});
    routes.push_back({Method::get, "/api/things/{id}/parts", 0, Access::read, echo});
    routes.push_back({Method::get, "/desk", 0, Access::open, desk.handler()});
    routes.push_back(
        {Method::get, "/silent", 0, Access::open, [](const http::Request&, const http::Responder&) {}});
    auto listening = http::Server::listen(
        std::move(options),
        http::Router(std::move(routes), {Method::get, "/{rest...}", 0, Access::open, echo}), std::move(gate),
        clock);
    REQUIRE(listening);
    server = std::move(*listening);
  }
  ~TestServer() { server.reset(); }
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  [[nodiscard]] unsigned short port() const {
    const auto& address = server->addresses().front();
    return static_cast<unsigned short>(*base::parse_number(address.substr(address.rfind(':') + 1)));
  }
  [[nodiscard]] HttpClient client() const { return HttpClient(port()); }

  base::SystemClock clock;
  Desk desk;
  std::unique_ptr<http::Server> server;
};

}  // namespace agentpipe::test
