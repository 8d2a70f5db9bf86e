// Many who watch: memory of an idle stream, a frame to all of them beside a bare epoll loop and, where it is
// installed, nginx with nchan that do the same, and what they cost the ingest. Compare the ratios of one run.
//
//   watch_bench BINARY [SUBSCRIBERS] [FRAMES] [SECONDS]

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <stdexcept>
#include <string>

#include "bare_fanout.hpp"
#include "bare_loop.hpp"
#include "crowd.hpp"
#include "load.hpp"
#include "nchan.hpp"
#include "server_process.hpp"
#include "temporary_directory.hpp"

using namespace agentpipe;
using namespace agentpipe::bench;

namespace {

const std::string k_stream = "/api/realtime/stream?types=message.created";

struct Fanout {
  double frames_per_second = 0;
  double cpu_us = 0;  ///< of the server, a frame
};

/// One frame after the other, each to all of them.
Fanout fan_out(const Crowd& crowd, pid_t server, unsigned frames,
               const std::function<void(unsigned)>& publish) {
  const auto cpu = cpu_seconds_of(server);
  const auto begin = SteadyClock::now();
  for (unsigned n = 0; n < frames; ++n) {
    publish(n);
    crowd.wait_for((n + 1ULL) * crowd.size());
  }
  const auto sent = static_cast<double>(frames) * static_cast<double>(crowd.size());
  return {sent / elapsed(begin), (cpu_seconds_of(server) - cpu) / sent * 1e6};
}

void print(const char* what, const Fanout& fanout) {
  std::printf("%-22s %9.0f frames/s   %5.2f us CPU/frame\n", what, fanout.frames_per_second, fanout.cpu_us);
}

void send_message(const ServerProcess& server, unsigned n) {
  const auto load = closed_loop(server.port(), "/api/ingest", server.key(), 1, std::chrono::milliseconds{0},
                                [n](std::uint64_t) { return message_event("fan", n); });
  if (load.failures != 0) throw std::runtime_error("an event was refused");
}

/// Events for as many conversations as there are subscribers, one a request.
double ingest(const ServerProcess& server, const char* what, std::size_t conversations,
              std::chrono::milliseconds length) {
  constexpr unsigned k_connections = 64;
  static std::uint64_t sent = 0;  // ids are used once
  const auto load =
      closed_loop(server.port(), "/api/ingest", server.key(), k_connections, length, [&](std::uint64_t) {
        const auto n = sent++;
        return message_event("c" + std::to_string(n % conversations), n);
      });
  std::printf("ingest, %-28s %7.0f events/s   p50 %6.2f ms   p99 %6.2f ms   failures %llu\n", what,
              load.per_second(), load.milliseconds_at(0.5), load.milliseconds_at(0.99),
              static_cast<unsigned long long>(load.failures));
  return load.per_second();
}

/// As our own: about 1 KB.
std::string frame() {
  return "id: 0123456789abcdef-1\ndata: " + message_event("fan", 1) + "\n\n";
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) {
    std::fputs("usage: watch_bench BINARY [SUBSCRIBERS] [FRAMES] [SECONDS]\n", stderr);
    return 2;
  }
  const auto subscribers = static_cast<std::size_t>(count > 2 ? std::atoi(arguments[2]) : 500);
  const auto frames = static_cast<unsigned>(count > 3 ? std::atoi(arguments[3]) : 100);
  const std::chrono::milliseconds length{1000 * (count > 4 ? std::atoi(arguments[4]) : 5)};
  raise_file_limit();
  Fanout bare;
  {
    BareFanout loop(frame());
    const Crowd crowd(loop.port(), subscribers, [](std::size_t) { return "/"; });
    bare = fan_out(crowd, loop.pid(), frames, [&](unsigned) { loop.publish(); });
    print("bare epoll loop", bare);
  }
  const test::TemporaryDirectory folder;
  Fanout nchan;
  if (Nchan::installed()) {
    const Nchan other(folder.path());
    const Crowd crowd(other.port(), subscribers, [](std::size_t) { return "/"; });
    nchan = fan_out(crowd, other.pid(), frames, [&](unsigned n) { other.publish(message_event("fan", n)); });
    print("nginx with nchan", nchan);
  }
  const ServerProcess server(arguments[1], folder.path());
  ingest(server, "to warm up", subscribers, std::chrono::milliseconds{500});
  const double alone = ingest(server, "nobody watching", subscribers, length);
  Fanout ours;
  double all = 0;
  {
    server.wait_until_idle();
    const auto before = server.resident_kib();
    const Crowd crowd(server.port(), subscribers, [](std::size_t) { return k_stream; });
    std::printf("memory of an idle stream: %.2f KiB\n",
                static_cast<double>(server.resident_kib() - before) / static_cast<double>(subscribers));
    ours = fan_out(crowd, server.pid(), frames, [&](unsigned n) { send_message(server, n); });
    print("agentpipe-web", ours);
    server.wait_until_idle();
    all = ingest(server, "all watching everything", subscribers, length);
  }
  const Crowd crowd(server.port(), subscribers,
                    [](std::size_t n) { return k_stream + "&conversationId=c" + std::to_string(n); });
  server.wait_until_idle();
  const double each = ingest(server, "each watching a conversation", subscribers, length);
  std::printf("resident memory: %.1f MiB\n", static_cast<double>(server.resident_kib()) / 1024);
  if (nchan.cpu_us > 0) std::printf("CPU a frame of nchan : ours = %.2f\n", nchan.cpu_us / ours.cpu_us);
  std::printf(
      "%zu subscribers: CPU a frame of the bare loop : ours = %.2f, frames/s ours : bare = %.2f\n"
      "ingest with them : without = %.2f when each watches a conversation, %.2f when all watch everything\n",
      subscribers, bare.cpu_us / ours.cpu_us, ours.frames_per_second / bare.frames_per_second, each / alone,
      all / alone);
}
