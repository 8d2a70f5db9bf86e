#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace agentpipe::bench {

using Nanoseconds = std::chrono::nanoseconds;

/// What a run of requests cost.
struct Load {
  double seconds = 0;
  std::vector<Nanoseconds> latencies;  // sorted
  std::uint64_t failures = 0;          // answers other than 200 and 201
  std::string first_failure;           // the whole answer

  [[nodiscard]] double per_second() const { return static_cast<double>(latencies.size()) / seconds; }
  [[nodiscard]] double milliseconds_at(double quantile) const;
};

/// Keeps one request under way on each of `connections` kept-alive connections to 127.0.0.1:`port` for
/// `length`. `body(n)` makes the n-th request's body. One thread (epoll); throws std::runtime_error when a
/// connection breaks.
Load closed_loop(unsigned port, const std::string& path, const std::string& key, unsigned connections,
                 std::chrono::milliseconds length, const std::function<std::string(std::uint64_t)>& body);

/// The same with whole requests: `request(connection, n)` makes the n-th one, for that connection (from 0).
Load exchange_loop(unsigned port, unsigned connections, std::chrono::milliseconds length,
                   const std::function<std::string(unsigned, std::uint64_t)>& request);

/// A POST with its head; `headers`: further lines, each with its CRLF.
std::string post(const std::string& path, const std::string& key, const std::string& body,
                 const std::string& headers = {});

/// Characters of a message_event()'s content.
inline constexpr std::size_t k_message_content = 700;
/// A message.created event of about 1 KB in conversation `conversation`, unique by `n`.
std::string message_event(const std::string& conversation, std::uint64_t n);

}  // namespace agentpipe::bench
