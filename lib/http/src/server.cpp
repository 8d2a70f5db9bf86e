#include "agentpipe/http/server.hpp"

#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <optional>

#include "agentpipe/base/crypto.hpp"
#include "agentpipe/base/log.hpp"
#include "agentpipe/base/text.hpp"
#include "agentpipe/base/thread_annotations.hpp"
#include "connection.hpp"
#include "loop.hpp"

namespace agentpipe::http {

namespace {

using asio::ip::tcp;
using Acceptor = asio::basic_socket_acceptor<tcp, asio::io_context::executor_type>;

// Files that are not connections: the database, logs, pipes; and what each loop has for itself.
constexpr std::size_t k_other_files = 64;
constexpr std::size_t k_files_of_a_loop = 3;
// After an error: who has no file left has none a moment later either.
constexpr base::Milliseconds k_accept_pause{500};
// Connections that streams must leave to requests.
constexpr std::size_t k_request_reserve = 64;

struct Address {
  std::string host;
  std::string port;
};

std::optional<Address> parse_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  auto host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const auto port = base::parse_number(text.substr(colon + 1));
  if (host.empty() || !port || *port > 65535) return std::nullopt;
  return Address{std::string(host), std::to_string(*port)};
}

std::string to_text(const tcp::endpoint& endpoint) {
  const auto host = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(endpoint.port());
}

}  // namespace

std::size_t raise_file_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  if (limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    getrlimit(RLIMIT_NOFILE, &limit);
  }
  return limit.rlim_cur == RLIM_INFINITY ? 1'000'000 : static_cast<std::size_t>(limit.rlim_cur);
}

struct Server::Impl {
  explicit Impl(std::shared_ptr<Shared> things) : shared(std::move(things)) {
    for (unsigned i = 0; i < std::max(1U, shared->options.threads); ++i)
      loops.push_back(std::make_shared<Loop>(shared));
  }

  base::Result<void> open(const std::string& text);
  base::Result<void> adopt(int socket);
  void keep(std::unique_ptr<Acceptor> acceptor);
  void close_listeners();
  void accept(Acceptor& acceptor);
  void accept_later(Acceptor& acceptor, error_code error);
  void take(Socket socket, Loop& loop);
  void stop(base::Milliseconds grace);

  std::shared_ptr<Shared> shared;
  std::vector<std::shared_ptr<Loop>> loops;
  std::vector<std::unique_ptr<Acceptor>> acceptors;  // all on the first loop
  std::vector<std::string> addresses;
  std::size_t next_loop = 0;
  base::Mutex stop_mutex;
  bool stopped GUARDED_BY(stop_mutex) = false;
};

base::Result<void> Server::Impl::open(const std::string& text) {
  using base::ErrorCode;
  const auto address = parse_address(text);
  if (!address) {
    return base::failure_at(
        "listen", ErrorCode::configuration,
        "\"" + text + "\" is no address to listen on; write HOST:PORT, as 127.0.0.1:3000.");
  }
  auto& context = loops.front()->context();
  error_code error;
  const auto found =
      tcp::resolver(context).resolve(address->host, address->port, tcp::resolver::passive, error);
  auto acceptor = std::make_unique<Acceptor>(context.get_executor());
  const auto attempt = [&](auto&& call) {
    if (!error) call();
  };
  tcp::endpoint endpoint;
  if (!error) endpoint = found.begin()->endpoint();
  attempt([&] { acceptor->open(endpoint.protocol(), error); });
  attempt([&] { acceptor->set_option(Acceptor::reuse_address(true), error); });
  if (endpoint.address().is_v6()) attempt([&] { acceptor->set_option(asio::ip::v6_only(true), error); });
  attempt([&] { acceptor->bind(endpoint, error); });
  attempt([&] { acceptor->listen(4096, error); });
  if (error) {
    return base::failure_at("listen", ErrorCode::configuration,
                            "Cannot listen on " + text + ": " + error.message() + ".");
  }
  if (address->host.find(':') == std::string::npos) shared->origins.allow_host(address->host);
  keep(std::move(acceptor));
  return {};
}

base::Result<void> Server::Impl::adopt(int socket) {
  sockaddr_storage name{};
  socklen_t size = sizeof name;
  const bool known = ::getsockname(socket, reinterpret_cast<sockaddr*>(&name), &size) == 0;
  const bool v6 = name.ss_family == AF_INET6;
  auto acceptor = std::make_unique<Acceptor>(loops.front()->context().get_executor());
  error_code error;
  if (known && (v6 || name.ss_family == AF_INET)) {
    acceptor->assign(v6 ? tcp::v6() : tcp::v4(), socket, error);
    if (!error) {
      keep(std::move(acceptor));
      return {};
    }
  }
  return base::failure_at("listen", base::ErrorCode::configuration,
                          "The socket " + std::to_string(socket) + " that was handed over is none of TCP.");
}

void Server::Impl::keep(std::unique_ptr<Acceptor> acceptor) {
  error_code ignored;
  const auto endpoint = acceptor->local_endpoint(ignored);
  addresses.push_back(to_text(endpoint));
  const auto host = endpoint.address().to_string();
  shared->origins.allow_host(endpoint.address().is_v6() ? "[" + host + "]" : host);
  acceptors.push_back(std::move(acceptor));
}

void Server::Impl::accept(Acceptor& acceptor) {
  auto& loop = *loops[next_loop++ % loops.size()];
  acceptor.async_accept(loop.context(), [this, &acceptor, &loop](error_code error, Socket socket) {
    if (!acceptor.is_open()) return;
    if (error) return accept_later(acceptor, error);
    take(std::move(socket), loop);
    accept(acceptor);
  });
}

void Server::Impl::accept_later(Acceptor& acceptor, error_code error) {
  base::log(base::LogLevel::warn, "a connection was not accepted", {{"reason", error.message()}});
  auto pause = std::make_shared<Loop::Timer>(loops.front()->context().get_executor(), k_accept_pause);
  pause->async_wait([this, &acceptor, pause](error_code) {
    if (acceptor.is_open()) accept(acceptor);
  });
}

void Server::Impl::take(Socket socket, Loop& loop) {
  if (shared->connections.fetch_add(1) >= shared->max_connections) {
    --shared->connections;
    shared->refused.fetch_add(1, std::memory_order_relaxed);
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(overload_reply()), ignored);
    return;
  }
  if (loop.is_here()) return loop.adopt(std::move(socket));
  loop.post([&loop, socket = std::move(socket)]() mutable { loop.adopt(std::move(socket)); });
}

void Server::Impl::stop(base::Milliseconds grace) {
  const base::MutexLock lock(stop_mutex);
  if (std::exchange(stopped, true)) return;
  const auto until = std::chrono::steady_clock::now() + grace;
  shared->stopping = true;
  for (const auto& loop : loops) loop->wind_down();
  shared->wait_until_empty(until);
  close_listeners();
  // Sockets that were accepted before this line have been handed to their loops before what follows.
  shared->closing = true;
  for (const auto& loop : loops) loop->wind_down();
  for (const auto& loop : loops) {
    if (!loop->wait_until(until)) loop->close_all();
  }
  for (const auto& loop : loops) loop->join();
}

void Server::Impl::close_listeners() {
  std::promise<void> closed;
  loops.front()->post([&] {
    for (const auto& acceptor : acceptors) {
      error_code ignored;
      acceptor->close(ignored);
    }
    closed.set_value();
  });
  closed.get_future().wait();
}

base::Result<std::unique_ptr<Server>> Server::listen(ServerOptions options, Router router, Gate gate,
                                                     base::Clock& clock) {
  auto shared = std::make_shared<Shared>(std::move(options), std::move(router), std::move(gate), clock);
  shared->id_prefix = base::to_hex(base::random_bytes(4)) + "-";
  const auto files = raise_file_limit();
  const auto& limits = shared->options.limits;
  const auto other_files = k_other_files + k_files_of_a_loop * std::max(1U, shared->options.threads);
  shared->max_connections =
      std::min(limits.connections, files > 2 * other_files ? files - other_files : files / 2);
  const auto reserve = std::min(k_request_reserve, shared->max_connections / 2);
  shared->max_streams = std::min(limits.streams, shared->max_connections - reserve);

  if (shared->tls) {
    if (auto loaded = shared->tls->load(); !loaded) return base::forward(loaded);
  }
  auto impl = std::make_unique<Impl>(shared);
  for (const int socket : shared->options.sockets) {
    if (auto adopted = impl->adopt(socket); !adopted) return base::forward(adopted);
  }
  for (const auto& address : shared->options.listen) {
    if (auto opened = impl->open(address); !opened) return base::forward(opened);
  }
  for (const auto& loop : impl->loops) loop->start();
  auto* const running = impl.get();
  impl->loops.front()->post([running] {
    for (const auto& acceptor : running->acceptors) running->accept(*acceptor);
  });
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() {
  stop(base::Milliseconds(0));
}

const std::vector<std::string>& Server::addresses() const {
  return impl_->addresses;
}

void Server::wake_streams(const hub::News& news) {
  for (const auto& loop : impl_->loops) loop->wake_streams(news);
}

base::Result<void> Server::reload_tls() {
  return impl_->shared->tls ? impl_->shared->tls->load() : base::Result<void>();
}

bool Server::responsive(base::Milliseconds within) const {
  const auto now = impl_->shared->clock.ticks();
  return std::ranges::all_of(impl_->loops,
                             [&](const auto& loop) { return now - loop->swept_at() <= within; });
}

void Server::stop(base::Milliseconds grace) {
  impl_->stop(grace);
}

ServerStats Server::stats() const {
  const auto& shared = *impl_->shared;
  std::size_t behind = 0;
  for (const auto& loop : impl_->loops) behind += loop->behind();
  return {shared.requests, shared.refused, shared.connections, shared.streams, behind, shared.slow_closed};
}

}  // namespace agentpipe::http
