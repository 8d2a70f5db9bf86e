// The way from a spool into the server's database: delivery_bench BINARY [SECONDS]. Real sender, real server,
// every event durable before it counts. Figures of one run belong together; compare the ratios.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/delivery/courier.hpp"
#include "agentpipe/delivery/curl_transport.hpp"
#include "agentpipe/delivery/memory_spool.hpp"
#include "agentpipe/model/codec.hpp"
#include "load.hpp"
#include "server_process.hpp"
#include "temporary_directory.hpp"

using namespace agentpipe;
using namespace agentpipe::bench;
using Steady = std::chrono::steady_clock;

namespace {

double since(Steady::time_point start) {
  return std::chrono::duration<double>(Steady::now() - start).count();
}

/// Leaves words out of the server's capabilities, so that the same sender speaks an older dialect.
class OlderServer final : public delivery::Transport {
 public:
  OlderServer(std::unique_ptr<delivery::Transport> inner, std::vector<std::string> without)
      : inner_(std::move(inner)), without_(std::move(without)) {}

  delivery::Response send(const delivery::Request& request, const std::stop_token& stop) override {
    auto response = inner_->send(request, stop);
    if (request.path != delivery::k_health_path) return response;
    for (const std::string& word : without_) {
      const auto at = response.body.find('"' + word + '"');
      if (at != std::string::npos) response.body[at + 1] = '-';
    }
    return response;
  }

 private:
  std::unique_ptr<delivery::Transport> inner_;
  std::vector<std::string> without_;
};

/// One client: its spool, and a courier on a thread of its own.
class Client {
 public:
  Client(const ServerProcess& server, std::vector<std::string> without)
      : transport_(delivery::make_curl_transport(
                       delivery::make_endpoint("http://127.0.0.1:" + std::to_string(server.port()),
                                               base::Secret(server.key()), delivery::PlainHttp::loopback_only)
                           .value(),
                       "delivery_bench"),
                   std::move(without)),
        courier_(spool_, transport_, clock_, delivery::system_random(), {}) {}

  void append(const std::string& event) {
    if (!spool_.append(event)) std::abort();
  }
  void start() {
    worker_ = std::jthread([this](const std::stop_token& stop) {
      courier_.greet(stop);
      while (!stop.stop_requested()) {
        if (spool_.wait(courier_.done(), base::Milliseconds(60'000), stop)) courier_.deliver(stop);
      }
    });
  }
  void await(delivery::RecordNumber number) {
    if (!courier_.await(number, base::Deadline::never())) std::abort();
  }
  [[nodiscard]] delivery::RecordNumber done() const { return courier_.done(); }

 private:
  base::SystemClock clock_;
  delivery::MemorySpool spool_{{1'000'000, 2UL << 30U, 0}};
  OlderServer transport_;
  delivery::Courier courier_;
  std::jthread worker_;
};

/// Events a second that `count` events in each of `clients` spools take to the database.
double drain(const ServerProcess& server, const char* what, unsigned clients, std::uint64_t count,
             const std::vector<std::string>& without) {
  static unsigned run = 0;
  ++run;
  std::vector<std::unique_ptr<Client>> all;
  for (unsigned i = 0; i < clients; ++i) {
    const auto name = "drain-" + std::to_string(run) + "-" + std::to_string(i);
    all.push_back(std::make_unique<Client>(server, without));
    for (std::uint64_t n = 1; n <= count; ++n) all.back()->append(message_event(name, n));
  }
  const double cpu = server.cpu_seconds();
  const auto start = Steady::now();
  for (const auto& client : all) client->start();
  for (const auto& client : all) client->await(count);
  const double seconds = since(start);
  const double events = static_cast<double>(clients * count);
  std::printf("%-28s %u client(s) %10.0f events/s   server %5.1f us CPU an event\n", what, clients,
              events / seconds, (server.cpu_seconds() - cpu) / events * 1e6);
  std::fflush(stdout);
  return events / seconds;
}

/// From the spool to the acknowledgement, at a steady rate.
void latency(const ServerProcess& server, unsigned per_second, double seconds) {
  Client client(server, {});
  client.start();
  const auto count = static_cast<std::uint64_t>(per_second * seconds);
  std::vector<Steady::time_point> sent(count + 1);
  std::vector<double> waits;
  std::atomic<std::uint64_t> appended = 0;
  std::jthread producer([&] {
    const auto start = Steady::now();
    for (std::uint64_t n = 1; n <= count; ++n) {
      std::this_thread::sleep_until(start + std::chrono::nanoseconds(1'000'000'000 / per_second) * n);
      sent[n] = Steady::now();
      client.append(message_event("latency-" + std::to_string(per_second), n));
      appended = n;
      appended.notify_one();
    }
  });
  for (std::uint64_t n = 1; n <= count; ++n) {
    for (auto seen = appended.load(); seen < n; seen = appended.load()) appended.wait(seen);
    client.await(n);
    waits.push_back(since(sent[n]) * 1e3);
  }
  std::sort(waits.begin(), waits.end());
  const auto at = [&](double share) { return waits[static_cast<std::size_t>(share * double(count - 1))]; };
  std::printf("spool to commit at %u/s: p50 %.2f ms, p99 %.2f ms\n", per_second, at(0.5), at(0.99));
}

void json_cost() {
  constexpr int k_rounds = 100'000;
  const std::string event = message_event("json", 1);
  auto start = Steady::now();
  std::size_t sum = 0;
  for (int i = 0; i < k_rounds; ++i) sum += model::decode_event(event, {}).has_value() ? 1U : 0U;
  const double decode = since(start) / k_rounds * 1e6;
  const auto decoded = model::decode_event(event, {}).value();
  start = Steady::now();
  for (int i = 0; i < k_rounds; ++i) sum += model::encode_event(decoded).size();
  std::printf("JSON of a %zu byte event: decode %.2f us, encode %.2f us (%zu)\n", event.size(), decode,
              since(start) / k_rounds * 1e6, sum);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const double seconds = argc > 2 ? std::atof(argv[2]) : 3.0;
  json_cost();
  const test::TemporaryDirectory folder;
  const ServerProcess server(argv[1], folder.path());
  const double single = drain(server, "one event a request", 1, 5'000, {"batch"});
  const double plain = drain(server, "batches, not packed", 1, 100'000, {"zstd"});
  const double packed = drain(server, "batches, zstd", 1, 100'000, {});
  drain(server, "batches, zstd", 4, 25'000, {});
  std::printf("batches : one event a request = %.1f (not packed), %.1f (zstd)\n", plain / single,
              packed / single);
  latency(server, 10, seconds);
  latency(server, 1'000, seconds);
}
