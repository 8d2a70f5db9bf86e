#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/base/ip_address.hpp"
#include "agentpipe/base/result.hpp"
#include "agentpipe/http/router.hpp"
#include "agentpipe/hub/topic.hpp"

namespace agentpipe::http {

/// Bounds on what a stranger can make us hold.
struct Limits {
  std::size_t url = 8UL << 10U;          ///< 414 above
  std::size_t header_line = 8UL << 10U;  ///< 431 above
  std::size_t header = 32UL << 10U;      ///< 431 above; request line included
  std::size_t chunk_line = 8UL << 10U;   ///< chunk size, extensions, trailers: 400 above
  std::size_t connections = 24'000;      ///< 503 above; less when the process may not open as many files
  std::size_t streams = 20'000;          ///< 503 above; 64 connections always stay free for requests
  std::size_t streams_per_caller = 100;  ///< 503 above; by key, else by address; this machine itself is free
};

/// How long we wait for the other end. A sweep notices, so each may last one sweep longer.
struct Timeouts {
  base::Milliseconds header{10'000};      ///< from the first byte of a request to the end of its header
  base::Milliseconds body_grace{10'000};  ///< then at least 1 KiB/s on average
  base::Milliseconds idle{60'000};        ///< between requests
  base::Milliseconds write{30'000};       ///< without progress of an answer or a stream
  base::Milliseconds linger{2'000};       ///< for reading on after an answer that ends the connection
  base::Milliseconds heartbeat{15'000};   ///< between heartbeats of a stream
  base::Milliseconds rotation{600'000};   ///< a stream ends after so long, give or take a fifth; 0: never
  base::Milliseconds sweep{1'000};
};

/// PEM files: the certificate with its chain, and its key.
struct TlsFiles {
  std::string certificate, key;
};

struct ServerOptions {
  /// "127.0.0.1:3000", "[::1]:0", "localhost:3000"; port 0: any free one.
  std::vector<std::string> listen{"127.0.0.1:3000"};
  std::vector<int> sockets;     ///< listening ones that somebody opened for us; ours from now on
  std::optional<TlsFiles> tls;  ///< TLS 1.2 or newer on all of them; nothing: plain text
  std::vector<base::IpRange> trusted_proxies;  ///< whose X-Forwarded-For is believed
  unsigned threads = 1;
  std::string base_path;                ///< "" or "/prefix"; requests may come with or without it
  std::vector<std::string> host_names;  ///< Host names allowed beside localhost and the listen addresses
  std::vector<std::string> origins;     ///< origins allowed beside the one asked: "https://logs.example.org"
  Limits limits;
  Timeouts timeouts;
  base::Milliseconds stream_spread{5'000};  ///< on stop: 100 streams or more end spread over this time
};

/// May this request do that? Called on a network loop before the body is read; must not block. May set
/// `request.caller`. The error becomes the answer.
using Gate = std::function<base::Result<void>(Access needed, Request& request)>;

struct ServerStats {
  std::uint64_t requests = 0;
  std::uint64_t refused_connections = 0;
  std::size_t connections = 0;
  std::size_t streams = 0;
  std::size_t behind = 0;         ///< streams whose client had not taken everything at the last sweep
  std::uint64_t slow_closed = 0;  ///< streams closed because their client took nothing for too long
};

/// A listening HTTP/1.1 server with threads of its own. Thread-safe.
class Server {
 public:
  /// Binds and starts. `configuration`: an address is malformed or cannot be bound; the sentence says which
  /// and why. `clock` must outlive the server.
  static base::Result<std::unique_ptr<Server>> listen(ServerOptions options, Router router, Gate gate,
                                                      base::Clock& clock);
  /// Stops at once.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// The addresses in use, with their real ports: "127.0.0.1:3000".
  [[nodiscard]] const std::vector<std::string>& addresses() const;

  /// There is news: the streams that it concerns are asked for what comes next. Calls that come together are
  /// one. Never blocks.
  void wake_streams(const hub::News& news);

  /// Reads certificate and key anew, for the connections that come. The error says what is wrong with them;
  /// the old ones stay in use.
  base::Result<void> reload_tls();
  /// Has every loop done its rounds within that time?
  [[nodiscard]] bool responsive(base::Milliseconds within) const;

  /// Ends the streams and lets requests in flight finish; who comes meanwhile is answered once. Then closes
  /// the listeners. Returns when all is closed or `grace` is over. Again: does nothing.
  void stop(base::Milliseconds grace);

  [[nodiscard]] ServerStats stats() const;

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Lets the process open as many files as it is allowed to; returns the limit.
std::size_t raise_file_limit();

}  // namespace agentpipe::http
