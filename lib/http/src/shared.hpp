#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/base/thread_annotations.hpp"
#include "agentpipe/http/server.hpp"
#include "client_address.hpp"
#include "origin_rules.hpp"
#include "stream_quota.hpp"
#include "tls.hpp"

namespace agentpipe::http {

/// What all connections of a server use: fixed after the start, but for the counters.
struct Shared {
  Shared(ServerOptions given, Router table, Gate guard, base::Clock& time)
      : options(std::move(given)),
        router(std::move(table)),
        gate(std::move(guard)),
        clock(time),
        origins(options.host_names, options.origins),
        clients(options.trusted_proxies),
        quota(options.limits.streams_per_caller),
        tls(options.tls ? std::make_unique<TlsContext>(*options.tls) : nullptr) {}

  const ServerOptions options;
  const Router router;
  const Gate gate;
  base::Clock& clock;
  OriginRules origins;
  const ClientAddress clients;
  StreamQuota quota;
  const std::unique_ptr<TlsContext> tls;  // null: plain text
  std::size_t max_connections = 0;
  std::size_t max_streams = 0;
  std::string id_prefix;  // of request ids

  std::atomic<std::uint64_t> requests{0};
  std::atomic<std::uint64_t> refused{0};
  std::atomic<std::size_t> connections{0};
  std::atomic<std::size_t> streams{0};
  std::atomic<std::uint64_t> slow_closed{0};
  std::atomic<bool> stopping{false};  // every answer is a connection's last
  std::atomic<bool> closing{false};   // nobody new comes: loops end when they are empty

  // Until no connection is left; false: some were, at that time.
  bool wait_until_empty(base::Ticks until) EXCLUDES(mutex_) {
    const base::MutexLock lock(mutex_);
    while (connections > 0) {
      if (emptied_.wait_until(mutex_, until) == std::cv_status::timeout) return connections == 0;
    }
    return true;
  }
  void note_empty() EXCLUDES(mutex_) {
    if (!stopping) return;
    { const base::MutexLock lock(mutex_); }
    emptied_.notify_all();
  }

 private:
  base::Mutex mutex_;
  std::condition_variable_any emptied_;
};

}  // namespace agentpipe::http
