// The server as a whole: web_bench BINARY [SECONDS]. Figures of one run belong together; compare the ratios.

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "load.hpp"
#include "server_process.hpp"
#include "temporary_directory.hpp"

using namespace agentpipe;
using namespace agentpipe::bench;

namespace {

/// A subscriber that counts the frames it gets and notes when each message arrived.
class Subscriber {
 public:
  explicit Subscriber(unsigned port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error("cannot subscribe");
    const std::string request =
        "GET /api/realtime/stream?types=message.created HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    (void)!::write(fd_.get(), request.data(), request.size());
    wait_for("connection.established");
  }
  void wait_for(std::string_view mark) {
    while (text_.find(mark) == std::string::npos) {
      std::array<char, 16384> buffer{};
      const auto got = ::read(fd_.get(), buffer.data(), buffer.size());
      if (got <= 0) throw std::runtime_error("the stream ended");
      text_.append(buffer.data(), static_cast<std::size_t>(got));
    }
    text_.erase(0, text_.find(mark) + mark.size());
  }

 private:
  base::FileDescriptor fd_;
  std::string text_;
};

void report_ingest(const ServerProcess& server, unsigned connections, std::chrono::milliseconds length) {
  const auto conversation = "bench-" + std::to_string(connections);
  const auto cpu = server.cpu_seconds();
  const auto load = closed_loop(server.port(), "/api/ingest", server.key(), connections, length,
                                [&](std::uint64_t n) { return message_event(conversation, n); });
  const auto per_event = (server.cpu_seconds() - cpu) / static_cast<double>(load.latencies.size()) * 1e6;
  std::printf(
      "ingest, %2u connections  %8.0f events/s   p50 %6.2f ms   p99 %6.2f ms   %5.1f us CPU/event   failures "
      "%llu\n",
      connections, load.per_second(), load.milliseconds_at(0.5), load.milliseconds_at(0.99), per_event,
      static_cast<unsigned long long>(load.failures));
}

void report_live(const ServerProcess& server, unsigned events) {
  Subscriber subscriber(server.port());
  std::vector<double> milliseconds;
  for (unsigned n = 0; n < events; ++n) {
    const auto start = std::chrono::steady_clock::now();
    // The frame usually comes before the answer: watch while the request is under way.
    std::thread poster([&] {
      closed_loop(server.port(), "/api/ingest", server.key(), 1, std::chrono::milliseconds{0},
                  [&](std::uint64_t) { return message_event("live", n); });
    });
    subscriber.wait_for("\"live-" + std::to_string(n) + "\"");
    milliseconds.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    poster.join();
  }
  std::ranges::sort(milliseconds);
  std::printf(
      "POST to frame at a subscriber   p50 %.2f ms   p99 %.2f ms   (%u events, one after another, new "
      "connections)\n",
      milliseconds[milliseconds.size() / 2], milliseconds[milliseconds.size() * 99 / 100], events);
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) {
    std::fputs("usage: web_bench BINARY [SECONDS]\n", stderr);
    return 2;
  }
  const std::chrono::milliseconds length{1000 * (count > 2 ? std::atoi(arguments[2]) : 5)};
  const test::TemporaryDirectory folder;
  const ServerProcess server(arguments[1], folder.path());
  std::printf("start to first answer on an empty database   %.1f ms\n",
              std::chrono::duration<double, std::milli>(server.start_time()).count());
  std::printf("resident memory, idle   %.1f MiB\n", static_cast<double>(server.resident_kib()) / 1024);
  for (const unsigned connections : {1U, 16U, 64U}) report_ingest(server, connections, length);
  std::printf("resident memory, after  %.1f MiB\n", static_cast<double>(server.resident_kib()) / 1024);
  report_live(server, 500);
  return 0;
}
