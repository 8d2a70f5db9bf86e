#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/http/server.hpp"
#include "origin_rules.hpp"

namespace agentpipe::http {

/// What all connections of a server use: fixed after the start, but for the counters.
struct Shared {
  Shared(ServerOptions given, Router table, Gate guard, base::Clock& time)
      : options(std::move(given)),
        router(std::move(table)),
        gate(std::move(guard)),
        clock(time),
        origins(options.host_names, options.origins) {}

  const ServerOptions options;
  const Router router;
  const Gate gate;
  base::Clock& clock;
  OriginRules origins;
  std::size_t max_connections = 0;
  std::size_t max_streams = 0;
  std::string id_prefix;  // of request ids

  std::atomic<std::uint64_t> requests{0};
  std::atomic<std::uint64_t> refused{0};
  std::atomic<std::size_t> connections{0};
  std::atomic<std::size_t> streams{0};
  std::atomic<std::uint64_t> slow_closed{0};
  std::atomic<bool> stopping{false};
};

}  // namespace agentpipe::http
