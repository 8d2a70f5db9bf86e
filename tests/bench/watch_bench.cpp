// Many who watch: memory of an idle stream, a frame to all of them beside a bare epoll loop and, where it is
// installed, nginx with nchan that do the same, and what they cost the ingest. Compare the ratios of one run.
//
//   watch_bench BINARY [SUBSCRIBERS] [FRAMES] [SECONDS]

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

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

/// One server of streams and those who watch it.
struct Contender {
  const char* name;
  pid_t server;
  const Crowd& crowd;
  std::function<void(unsigned)> publish;
  std::uint64_t published = 0;
  std::vector<double> frames_per_second{};  // of each round
  std::vector<double> cpu_us{};             // of the server, a frame
};

/// One frame after the other, each to all of them.
void fan_out(Contender& contender, unsigned frames) {
  const auto cpu = cpu_seconds_of(contender.server);
  const auto begin = SteadyClock::now();
  for (unsigned n = 0; n < frames; ++n) {
    contender.publish(static_cast<unsigned>(contender.published++));
    contender.crowd.wait_for(contender.published * contender.crowd.size());
  }
  const auto sent = static_cast<double>(frames) * static_cast<double>(contender.crowd.size());
  contender.frames_per_second.push_back(sent / elapsed(begin));
  contender.cpu_us.push_back((cpu_seconds_of(contender.server) - cpu) / sent * 1e6);
}

void print(const Contender& contender) {
  const auto [least, most] = std::ranges::minmax(contender.cpu_us);
  std::printf("%-18s %9.0f frames/s   CPU a frame %5.2f us (%.2f to %.2f)\n", contender.name,
              median(contender.frames_per_second), median(contender.cpu_us), least, most);
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

/// Beside the bare loop and nchan, in turn, so that a noisy machine is the same for all.
void compare_fan_out(Contender ours, unsigned frames, const std::filesystem::path& folder) {
  constexpr unsigned k_rounds = 10;
  const auto path = [](std::size_t) { return "/"; };
  BareFanout loop(frame());
  const Crowd listeners(loop.port(), ours.crowd.size(), path);
  Contender bare{"bare epoll loop", loop.pid(), listeners, [&](unsigned) { loop.publish(); }};
  std::optional<Nchan> nginx;
  std::optional<Crowd> readers;
  std::optional<Contender> nchan;
  if (Nchan::installed()) {
    nginx.emplace(folder);
    readers.emplace(nginx->port(), ours.crowd.size(), path);
    nchan.emplace("nginx with nchan", nginx->pid(), *readers,
                  [&](unsigned n) { nginx->publish(message_event("fan", n)); });
  }
  for (unsigned round = 0; round < k_rounds; ++round) {
    const unsigned some = std::max(frames / k_rounds, 1U);
    fan_out(bare, some);
    if (nchan) fan_out(*nchan, some);
    fan_out(ours, some);
  }
  print(bare);
  if (nchan) print(*nchan);
  print(ours);
  const auto cpu = median(ours.cpu_us);
  std::printf("%zu subscribers: CPU a frame of the bare loop : ours = %.2f", ours.crowd.size(),
              median(bare.cpu_us) / cpu);
  if (nchan) std::printf(", of nchan : ours = %.2f", median(nchan->cpu_us) / cpu);
  std::printf(", frames/s ours : bare = %.2f\n",
              median(ours.frames_per_second) / median(bare.frames_per_second));
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
  const test::TemporaryDirectory folder;
  const ServerProcess server(arguments[1], folder.path());
  ingest(server, "to warm up", subscribers, std::chrono::milliseconds{500});
  const double alone = ingest(server, "nobody watching", subscribers, length);
  double all = 0;
  {
    server.wait_until_idle();
    const auto before = server.resident_kib();
    const Crowd crowd(server.port(), subscribers, [](std::size_t) { return k_stream; });
    std::printf("memory of an idle stream: %.2f KiB\n",
                static_cast<double>(server.resident_kib() - before) / static_cast<double>(subscribers));
    compare_fan_out({"agentpipe-web", server.pid(), crowd, [&](unsigned n) { send_message(server, n); }},
                    frames, folder.path());
    server.wait_until_idle();
    all = ingest(server, "all watching everything", subscribers, length);
  }
  const Crowd crowd(server.port(), subscribers,
                    [](std::size_t n) { return k_stream + "&conversationId=c" + std::to_string(n); });
  server.wait_until_idle();
  const double each = ingest(server, "each watching a conversation", subscribers, length);
  std::printf("resident memory: %.1f MiB\n", static_cast<double>(server.resident_kib()) / 1024);
  std::printf(
      "ingest with %zu subscribers : without = %.2f when each watches a conversation, %.2f when all watch "
      "everything\n",
      subscribers, each / alone, all / alone);
}
