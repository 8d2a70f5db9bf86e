// How near does the store come to what SQLite can do on this machine? Measured in turn in one run, since only
// the ratio means anything: a bare loop that inserts the same rows into the same tables under the same
// PRAGMAs, against Store::append with closed-loop producers (each sends its next event when the last one is
// answered).
//
//   store_bench [FOLDER] [SECONDS per measurement] [ROUNDS]

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/store/sqlite/open.hpp"
#include "bare_loop.hpp"

using namespace agentpipe;
using namespace agentpipe::bench;

namespace {

constexpr std::size_t k_content = 1000;

struct Run {
  std::filesystem::path folder;
  double seconds;

  [[nodiscard]] std::filesystem::path fresh(const std::string& name) const {
    const auto path = folder / (name + ".db");
    for (const char* tail : {"", "-wal", "-shm", ".lock"}) std::filesystem::remove(path.string() + tail);
    return path;
  }
};

model::Event message(std::size_t n) {
  model::MessageCreated made;
  made.conversation_id = session_id(n);
  made.message_id = message_id(n);
  made.agent_id = "claude-0";
  made.agent_type = "claude";
  made.agent_name = "Ada";
  made.role = "agent";
  made.content = std::string(k_content, 'x');
  made.turn_number = 3;
  made.tokens_used = 21;
  made.input_tokens = 11;
  made.output_tokens = 10;
  made.cost = 0.001;
  made.model = "opus";
  made.duration_ms = 830;
  return {base::Timestamp{std::chrono::milliseconds{1'767'600'000'000 + static_cast<long>(n)}},
          std::move(made)};
}

base::Result<std::unique_ptr<store::Store>> open(const std::filesystem::path& path) {
  static base::SystemClock clock;
  return store::open_sqlite({.path = path, .clock = clock});
}

/// One thread plays all producers, as a network loop does: the answers come back to it, and it sends the next
/// events.
class Producers {
 public:
  explicit Producers(store::Store& store) : store_(store) {}

  Figures measure(std::size_t producers, double seconds) {
    std::vector<SteadyClock::time_point> sent(producers);
    std::vector<double> waits;
    std::vector<std::size_t> ready(producers);
    for (std::size_t i = 0; i < producers; ++i) ready[i] = i;
    std::size_t waiting = 0;
    const auto start = SteadyClock::now();
    while (true) {
      const auto now = SteadyClock::now();
      const bool over = std::chrono::duration<double>(now - start).count() >= seconds;
      for (const std::size_t producer : ready) {
        if (sent[producer] != SteadyClock::time_point{}) {
          waits.push_back(std::chrono::duration<double>(now - sent[producer]).count());
          --waiting;
        }
        if (!over) {
          sent[producer] = SteadyClock::now();
          send(producer);
          ++waiting;
        }
      }
      if (waiting == 0) break;
      ready = answered();
    }
    return figures(waits, waits.size(), elapsed(start));
  }

 private:
  void send(std::size_t producer) {
    store::Append request{{message(next_++)},
                          base::Timestamp{std::chrono::milliseconds{1'767'600'000'000}},
                          store::Source::cli_stream};
    store_.append(std::move(request), [this, producer](base::Result<store::Appended> result) {
      if (!result) {
        std::fprintf(stderr, "refused: %s\n", result.error().message.c_str());
        std::exit(1);
      }
      const std::lock_guard lock(mutex_);
      answered_.push_back(producer);
      if (answered_.size() == 1) changed_.notify_one();
    });
  }
  std::vector<std::size_t> answered() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !answered_.empty(); });
    return std::exchange(answered_, {});
  }

  store::Store& store_;
  std::size_t next_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::size_t> answered_;
};

/// One source that sends its next batch when the last one is answered, and one more under way meanwhile.
class BatchSource {
 public:
  explicit BatchSource(store::Store& store) : store_(store) {}

  Figures measure(std::size_t size, double seconds) {
    std::vector<double> waits;
    const auto start = SteadyClock::now();
    send(size);
    while (elapsed(start) < seconds) {
      const auto begun = SteadyClock::now();
      send(size);
      await(sent_ - size);
      waits.push_back(elapsed(begun));
    }
    await(sent_);
    return figures(waits, sent_, elapsed(start));
  }

 private:
  void send(std::size_t size) {
    store::Batch batch{
        "source", sent_ + 1, 0, {}, base::Timestamp{std::chrono::milliseconds{1'767'600'000'000}}};
    for (std::size_t i = 0; i < size; ++i) batch.events.emplace_back(message(sent_ + i));
    sent_ += size;
    store_.append_batch(std::move(batch), [this](base::Result<store::Received> result) {
      if (!result) std::exit(1);
      const std::lock_guard lock(mutex_);
      acked_ = std::get<store::Taken>(*result).acked_n;
      changed_.notify_one();
    });
  }
  void await(std::size_t number) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return acked_ >= number; });
  }

  store::Store& store_;
  std::size_t sent_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t acked_ = 0;
};

double stored(const Run& run, std::size_t producers) {
  auto opened = open(run.fresh("store"));
  if (!opened) std::exit(1);
  const Figures figures = Producers(**opened).measure(producers, run.seconds);
  print("store, producers", producers, figures);
  return figures.per_second;
}

double stored_batches(const Run& run, std::size_t size) {
  auto opened = open(run.fresh("store"));
  if (!opened) std::exit(1);
  const Figures figures = BatchSource(**opened).measure(size, run.seconds);
  print("store, batches of", size, figures);
  return figures.per_second;
}

}  // namespace

int main(int argc, char** argv) {
  const Run run{argc > 1 ? argv[1] : "/tmp/agentpipe-store-bench", argc > 2 ? std::atof(argv[2]) : 2.0};
  const int rounds = argc > 3 ? std::atoi(argv[3]) : 3;
  std::filesystem::create_directories(run.folder);
  std::vector<double> ratios, batch_ratios;
  for (int round = 0; round < rounds; ++round) {
    for (const std::size_t batch : {1U, 16U}) bare_rows(run.folder, batch, run.seconds);
    const double at_256 = bare_rows(run.folder, 256, run.seconds);
    batch_ratios.push_back(stored_batches(run, 256) / at_256);
    const double at_64 = bare_rows(run.folder, 64, run.seconds);
    for (const std::size_t producers : {1U, 16U}) stored(run, producers);
    const double stored_64 = stored(run, 64);
    ratios.push_back(stored_64 / at_64);
    std::printf(
        "64 producers : bare loop of 64 rows = %.2f, batches of 256 : bare loop of 256 rows = %.2f\n\n",
        ratios.back(), batch_ratios.back());
  }
  std::printf("median ratios %.2f and %.2f\n", median(ratios), median(batch_ratios));
}
