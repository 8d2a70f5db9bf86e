#pragma once

#include <sqlite3.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <vector>

namespace agentpipe::bench {

using SteadyClock = std::chrono::steady_clock;

inline double elapsed(SteadyClock::time_point since) {
  return std::chrono::duration<double>(SteadyClock::now() - since).count();
}

struct Figures {
  double per_second = 0;
  double p50_ms = 0;
  double p99_ms = 0;
};
/// `waits`: seconds, each for some of the events.
Figures figures(std::vector<double>& waits, std::size_t events, double seconds);
/// "bare loop, rows/commit   64    41700/s   p50 … p99 …"
void print(const char* what, std::size_t width, const Figures& figures);
double median(std::vector<double> values);

/// So many conversations share what the benchmarks write.
inline constexpr int k_sessions = 16;
std::string session_id(std::size_t n);
/// As scattered as the UUIDs of the field.
std::string message_id(std::size_t n);

/// SQLite alone: what anybody would write who wants these rows durable in groups. The file holds our schema;
/// a message has `content` bytes. Prints and exits when SQLite fails.
class BareLoop {
 public:
  BareLoop(const std::filesystem::path& path, std::size_t content);
  BareLoop(const BareLoop&) = delete;
  BareLoop& operator=(const BareLoop&) = delete;
  ~BareLoop();

  Figures measure(std::size_t batch, double seconds);

 private:
  void run(const char* sql);
  sqlite3_stmt* prepare(const char* sql);
  void insert(std::size_t count);

  const std::string content_;
  sqlite3* database_ = nullptr;
  sqlite3_stmt *message_ = nullptr, *event_ = nullptr, *update_ = nullptr, *begin_ = nullptr,
               *commit_ = nullptr;
};

/// A bare loop over a fresh database in `folder`, measured and printed: rows a second.
double bare_rows(const std::filesystem::path& folder, std::size_t batch, double seconds,
                 std::size_t content = 1000);

}  // namespace agentpipe::bench
