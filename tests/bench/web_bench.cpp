// The server as a whole. Figures of one run belong together; compare the ratios.
//
//   web_bench BINARY [SECONDS]
//   web_bench BINARY start FOLDER   how fast it starts with the database FOLDER/web.db (read_bench makes a
//   large one)

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "bare_loop.hpp"
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

double report_ingest(const ServerProcess& server, unsigned connections, std::chrono::milliseconds length) {
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
  return load.per_second();
}

/// Batches, each connection with a source of its own.
double report_batches(const ServerProcess& server, unsigned connections, std::chrono::milliseconds length) {
  constexpr std::uint64_t k_size = 256;
  std::vector<std::uint64_t> sent(connections);
  const auto load =
      exchange_loop(server.port(), connections, length, [&](unsigned connection, std::uint64_t) {
        const auto name = "batch-" + std::to_string(connections) + "-" + std::to_string(connection);
        const auto first = sent[connection];
        sent[connection] += k_size;
        std::string body;
        for (auto n = first; n < first + k_size; ++n) body += message_event(name, n) + "\n";
        return post(
            "/api/ingest/batch", server.key(), body,
            "X-AgentPipe-Source: " + name + "\r\nX-AgentPipe-First: " + std::to_string(first + 1) + "\r\n");
      });
  const auto events = load.per_second() * static_cast<double>(k_size);
  std::printf("batches of 256, %2u sources %7.0f events/s   p50 %6.2f ms   p99 %6.2f ms   failures %llu\n",
              connections, events, load.milliseconds_at(0.5), load.milliseconds_at(0.99),
              static_cast<unsigned long long>(load.failures));
  return events;
}

/// Our ingest and SQLite alone in turn.
void report_ratios(const ServerProcess& server, const std::filesystem::path& folder,
                   std::chrono::milliseconds length) {
  const auto seconds = std::chrono::duration<double>(length).count();
  const double at_64 = bare_rows(folder, 64, seconds, k_message_content);
  const double single = report_ingest(server, 64, length);
  const double at_256 = bare_rows(folder, 256, seconds, k_message_content);
  const double batches = report_batches(server, 4, length);
  std::printf("64 connections : bare loop of 64 rows = %.2f, batches of 256 : bare loop of 256 rows = %.2f\n",
              single / at_64, batches / at_256);
}

void report_upload(const ServerProcess& server, unsigned messages, unsigned times) {
  std::vector<double> milliseconds;
  std::size_t size = 0;
  for (unsigned time = 0; time < times; ++time) {
    const auto id = "upload-" + std::to_string(time);
    std::string body = R"({"conversation":{"id":")" + id + R"("},"messages":[)";
    for (unsigned n = 0; n < messages; ++n) {
      body += n == 0 ? "" : ",";
      body += R"({"message_id":")" + std::to_string(n) +
              R"(","agent_type":"claude","timestamp":"2026-01-05T08:00:04Z","content":")" +
              std::string(1000, 'x') + R"("})";
    }
    body += "]}";
    size = body.size();
    const auto load = closed_loop(server.port(), "/api/sessions/upload", server.key(), 1,
                                  std::chrono::milliseconds{0}, [&](std::uint64_t) { return body; });
    if (load.failures != 0) std::printf("an upload was refused: %s\n", load.first_failure.c_str());
    milliseconds.push_back(load.milliseconds_at(1));
  }
  std::printf("upload of a session of %u messages (%.1f MB): median %.0f ms of %u\n", messages,
              static_cast<double>(size) / 1e6, median(milliseconds), times);
}

void report_start(const ServerProcess& server, const char* what) {
  std::printf("start to first answer on %s   %.1f ms\n", what,
              std::chrono::duration<double, std::milli>(server.start_time()).count());
  std::printf("resident memory, idle   %.1f MiB\n", static_cast<double>(server.resident_kib()) / 1024);
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
    std::fputs("usage: web_bench BINARY [SECONDS] | BINARY start FOLDER\n", stderr);
    return 2;
  }
  if (count == 4 && std::string_view(arguments[2]) == "start") {
    report_start(ServerProcess(arguments[1], arguments[3]), arguments[3]);
    return 0;
  }
  const std::chrono::milliseconds length{1000 * (count > 2 ? std::atoi(arguments[2]) : 5)};
  const test::TemporaryDirectory folder;
  const ServerProcess server(arguments[1], folder.path());
  report_start(server, "an empty database");
  for (const unsigned connections : {1U, 16U}) report_ingest(server, connections, length);
  report_ratios(server, folder.path(), length);
  std::printf("resident memory, after  %.1f MiB\n", static_cast<double>(server.resident_kib()) / 1024);
  report_live(server, 500);
  report_upload(server, 10'000, 5);
  return 0;
}
