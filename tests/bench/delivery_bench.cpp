// The way from a spool into the server's database: delivery_bench BINARY [SECONDS [spool]]. Real sender, real
// server, every event durable before it counts. Beside it what the spool on disk costs (with "spool" that
// alone), what bare loops that append and commit the same reach, and what packing costs and saves. Figures of
// one run belong together; compare the ratios.

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/delivery/courier.hpp"
#include "agentpipe/delivery/curl_transport.hpp"
#include "agentpipe/delivery/memory_spool.hpp"
#include "agentpipe/delivery/spool_folder.hpp"
#include "agentpipe/model/codec.hpp"
#include "bare_loop.hpp"
#include "load.hpp"
#include "packing.hpp"
#include "server_process.hpp"
#include "temporary_directory.hpp"

using namespace agentpipe;
using namespace agentpipe::bench;
using Steady = std::chrono::steady_clock;

namespace {

/// Rows of a bare commit: as many as a full batch has events.
constexpr std::size_t k_bare_batch = 256;

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

/// Where a client's events are until the server has them.
class Storage {
 public:
  virtual ~Storage() = default;
  virtual delivery::Spool& spool() = 0;
};

class InMemory final : public Storage {
 public:
  delivery::Spool& spool() override { return spool_; }

 private:
  delivery::MemorySpool spool_{{1'000'000, 2UL << 30U, 0}};
};

/// As `stream` has it, synced each 100 ms.
class OnDisk final : public Storage {
 public:
  explicit OnDisk(const std::filesystem::path& root) : folder_(*files_, clock_, root) {
    auto made = folder_.create({.client = "delivery_bench", .destination = "http://localhost:3000"});
    if (!made) std::abort();
    spool_ = std::move(*made);
    syncer_.emplace(*spool_, clock_);
  }
  ~OnDisk() override {
    syncer_.reset();
    spool_->finish();
  }
  delivery::Spool& spool() override { return *spool_; }

 private:
  base::SystemClock clock_;
  std::unique_ptr<delivery::FileSystem> files_ = delivery::make_posix_file_system();
  delivery::SpoolFolder folder_;
  std::unique_ptr<delivery::DiskSpool> spool_;
  std::optional<delivery::SpoolSyncer> syncer_;
};

/// One client: its spool, and a courier on a thread of its own.
class Client {
 public:
  Client(const ServerProcess& server, std::vector<std::string> without,
         std::unique_ptr<Storage> storage = std::make_unique<InMemory>())
      : storage_(std::move(storage)),
        transport_(delivery::make_curl_transport(
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
  std::unique_ptr<Storage> storage_;
  delivery::Spool& spool_ = storage_->spool();
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

constexpr std::size_t k_cost_events = 60'000;
constexpr int k_cost_rounds = 7;

std::vector<std::string> events_of(const std::string& session, std::size_t count) {
  std::vector<std::string> events;
  for (std::size_t n = 1; n <= count; ++n) events.push_back(message_event(session, n));
  return events;
}

double process_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

/// What rounds gave. On a crowded machine the processor time says more than the clock.
struct Rounds {
  std::vector<double> per_second, cpu_us;
};

/// From the first append to the last acknowledgement: events are taken in as fast as they come, while the
/// courier delivers.
void through(const ServerProcess& server, std::unique_ptr<Storage> storage, Rounds& rounds) {
  static int run = 0;
  const auto events = events_of("through-" + std::to_string(++run), k_cost_events);
  server.wait_until_idle();  // what the round before left to be indexed is none of this one's
  Client client(server, {}, std::move(storage));
  client.start();
  const double cpu = process_seconds();
  const auto start = Steady::now();
  for (const std::string& event : events) client.append(event);
  client.await(events.size());
  const auto count = static_cast<double>(events.size());
  rounds.per_second.push_back(count / since(start));
  rounds.cpu_us.push_back((process_seconds() - cpu) / count * 1e6);
}

/// Lines a second into a spool without a courier.
double spooled(const std::vector<std::string>& events, const std::filesystem::path& root) {
  OnDisk storage(root);
  const auto start = Steady::now();
  for (const std::string& event : events) {
    if (!storage.spool().append(event)) std::abort();
  }
  static_cast<delivery::DiskSpool&>(storage.spool()).sync();
  const double seconds = since(start);
  if (!storage.spool().acknowledge(events.size())) std::abort();
  return static_cast<double>(events.size()) / seconds;
}

/// The same lines by write(), with fdatasync() each 100 ms and at the end: what anybody would write.
double appended(const std::vector<std::string>& events, const std::filesystem::path& path) {
  const base::FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  const auto start = Steady::now();
  auto synced = start;
  std::string line;
  for (const std::string& event : events) {
    line.assign(event).push_back('\n');
    if (::write(file.get(), line.data(), line.size()) != static_cast<ssize_t>(line.size())) std::abort();
    if (const auto now = Steady::now(); now - synced > std::chrono::milliseconds(100)) {
      ::fdatasync(file.get());
      synced = now;
    }
  }
  ::fdatasync(file.get());
  return static_cast<double>(events.size()) / since(start);
}

/// The spool on disk beside one in memory. Each round has both, one after the other, and counts as a whole:
/// what else the machine does changes from minute to minute. Gives the events a second on disk.
double disk_cost(const ServerProcess& server, const std::filesystem::path& folder) {
  Rounds memory, disk;
  std::vector<double> costs;
  for (int round = 0; round < k_cost_rounds; ++round) {
    const auto in_memory = [&] { through(server, std::make_unique<InMemory>(), memory); };
    const auto on_disk = [&] { through(server, std::make_unique<OnDisk>(folder / "spool"), disk); };
    if (round % 2 == 0) in_memory();
    on_disk();
    if (round % 2 != 0) in_memory();
    costs.push_back(100 * (1 - disk.per_second.back() / memory.per_second.back()));
  }
  const auto [least, most] = std::ranges::minmax(costs);
  std::printf(
      "taken in and delivered, %d rounds: spool in memory %.0f events/s, %.1f us CPU of the client an event; "
      "on disk %.0f, %.1f: the disk costs %.1f %% (%.1f to %.1f)\n",
      k_cost_rounds, median(memory.per_second), median(memory.cpu_us), median(disk.per_second),
      median(disk.cpu_us), median(costs), least, most);
  std::fflush(stdout);
  return median(disk.per_second);
}

/// Beside it, loops that do nothing but append and commit.
void spool_cost(const ServerProcess& server, const std::filesystem::path& folder) {
  const double with = disk_cost(server, folder);
  std::vector<double> spool, bare_append, bare_commit;
  const auto events = events_of("spooled", k_cost_events);
  for (int round = 0; round < k_cost_rounds; ++round) {
    spool.push_back(spooled(events, folder / "spool"));
    bare_append.push_back(appended(events, folder / "bare.jsonl"));
    bare_commit.push_back(bare_rows(folder, k_bare_batch, 1.0, k_message_content));
  }
  const double append = median(bare_append);
  const double commit = median(bare_commit);
  const double both = 1 / (1 / append + 1 / commit);
  std::printf("into the spool alone %.0f events/s; bare append, fdatasync each 100 ms %.0f: %.2f of it\n",
              median(spool), append, median(spool) / append);
  std::printf(
      "bare commits of %zu rows %.0f rows/s, after a bare append %.0f: the whole way is %.2f of the former, "
      "%.2f of the latter\n",
      k_bare_batch, commit, both, with / commit, with / both);
  std::fflush(stdout);
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
  const test::TemporaryDirectory folder;
  const ServerProcess server(argv[1], folder.path());
  if (argc > 3 && std::string_view(argv[3]) == "spool") return disk_cost(server, folder.path()), 0;
  json_cost();
  const double single = drain(server, "one event a request", 1, 5'000, {"batch"});
  const double plain = drain(server, "batches, not packed", 1, 100'000, {"zstd"});
  const double packed = drain(server, "batches, zstd", 1, 100'000, {});
  drain(server, "batches, zstd", 4, 25'000, {});
  std::printf("batches : one event a request = %.1f (not packed), %.1f (zstd)\n", plain / single,
              packed / single);
  latency(server, 10, seconds);
  latency(server, 1'000, seconds);
  spool_cost(server, folder.path());
  measure_packing();
}
