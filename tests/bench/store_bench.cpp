// How near does the store come to what SQLite can do on this machine? Measured in turn in one run, since only
// the ratio means anything: a bare loop that inserts the same rows into the same tables under the same
// PRAGMAs, against Store::append with closed-loop producers (each sends its next event when the last one is
// answered).
//
//   store_bench [FOLDER] [SECONDS per measurement] [ROUNDS]

#include <sqlite3.h>

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

using namespace agentpipe;
using SteadyClock = std::chrono::steady_clock;

namespace {

constexpr std::size_t k_content = 1000;
constexpr int k_sessions = 16;

struct Figures {
  double per_second = 0;
  double p50_ms = 0;
  double p99_ms = 0;
};

struct Run {
  std::filesystem::path folder;
  double seconds;

  [[nodiscard]] std::filesystem::path fresh(const std::string& name) const {
    const auto path = folder / (name + ".db");
    for (const char* tail : {"", "-wal", "-shm", ".lock"}) std::filesystem::remove(path.string() + tail);
    return path;
  }
};

double elapsed(SteadyClock::time_point since) {
  return std::chrono::duration<double>(SteadyClock::now() - since).count();
}

Figures figures(std::vector<double>& waits, std::size_t events, double seconds) {
  std::sort(waits.begin(), waits.end());
  const auto at = [&](double share) {
    return waits[static_cast<std::size_t>(share * double(waits.size() - 1))] * 1e3;
  };
  return {double(events) / seconds, at(0.5), at(0.99)};
}

std::string message_id(std::size_t n) {
  char text[40];
  const unsigned long mixed = (n + 1) * 0x9E3779B97F4A7C15UL;  // as scattered as the UUIDs of the field
  std::snprintf(text, sizeof text, "%08lx-%04lx-4000-8000-%012lx", mixed >> 32U, (mixed >> 16U) & 0xFFFFU,
                mixed);
  return {text, 36};
}

std::string session_id(std::size_t n) {
  return "7d1f0c52-0000-4000-8000-" + std::to_string(n % k_sessions);
}

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

/// SQLite alone: what anybody would write who wants these rows durable in groups.
class BareLoop {
 public:
  explicit BareLoop(const std::filesystem::path& path) {
    check(sqlite3_open(path.c_str(), &database_));
    run("PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; PRAGMA "
        "cell_size_check=ON;"
        "PRAGMA cache_size=-32768; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=4096");
    for (std::size_t i = 0; i < k_sessions; ++i) {
      run(("INSERT INTO sessions(id,source,started_at,created_at,updated_at,last_event_at) VALUES('" +
           session_id(i) + "','cli-stream',1,1,1,1)")
              .c_str());
    }
    message_ = prepare(
        "INSERT INTO "
        "messages(n,session_pk,sequence,at,message_id,agent_id,agent_type,agent_name,role,content,"
        "turn_number,tokens_used,input_tokens,output_tokens,cost,model,duration_ms) "
        "VALUES(?,?,?,?,?,'claude-0','claude','Ada','agent',?,3,21,11,10,0.001,'opus',830)");
    event_ =
        prepare("INSERT INTO events(n,session_pk,type,at,received_at) VALUES(?,?,'message.created',?,?)");
    update_ = prepare(
        "UPDATE sessions SET messages=messages+1,tokens=tokens+21,input_tokens=input_tokens+11,"
        "output_tokens=output_tokens+10,cost=coalesce(cost,0)+0.001,duration_ms=duration_ms+830,updated_at=?,"
        "last_event_at=?,last_sequence=?,latest_sequence=? WHERE pk=?");
    begin_ = prepare("BEGIN IMMEDIATE");
    commit_ = prepare("COMMIT");
  }
  BareLoop(const BareLoop&) = delete;
  BareLoop& operator=(const BareLoop&) = delete;
  ~BareLoop() {
    for (sqlite3_stmt* statement : {message_, event_, update_, begin_, commit_}) sqlite3_finalize(statement);
    sqlite3_close(database_);
  }

  Figures measure(std::size_t batch, double seconds) {
    std::vector<double> waits;
    std::size_t count = 0;
    const auto start = SteadyClock::now();
    while (elapsed(start) < seconds) {
      const auto begun = SteadyClock::now();
      step(begin_);
      for (std::size_t i = 0; i < batch; ++i) insert(count++);
      step(commit_);
      waits.push_back(elapsed(begun));
    }
    return figures(waits, count, elapsed(start));
  }

 private:
  static void check(int code) {
    if (code == SQLITE_OK || code == SQLITE_DONE) return;
    std::fprintf(stderr, "SQLite: %s\n", sqlite3_errstr(code));
    std::exit(1);
  }
  void run(const char* sql) { check(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr)); }
  sqlite3_stmt* prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v3(database_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr));
    return statement;
  }
  static void step(sqlite3_stmt* statement) {
    check(sqlite3_step(statement));
    sqlite3_reset(statement);
  }
  static void bind(sqlite3_stmt* statement, std::initializer_list<std::int64_t> values) {
    int index = 0;
    for (const std::int64_t value : values) sqlite3_bind_int64(statement, ++index, value);
  }

  void insert(std::size_t count) {
    const auto n = static_cast<std::int64_t>(count) + 1;
    const auto pk = static_cast<std::int64_t>(count % k_sessions) + 1;
    const std::int64_t at = 1'767'600'000'000 + n;
    const std::string id = message_id(count);
    const std::string content(k_content, 'x');
    bind(message_, {n, pk, n, at});
    sqlite3_bind_text(message_, 5, id.data(), static_cast<int>(id.size()), SQLITE_STATIC);
    sqlite3_bind_text(message_, 6, content.data(), static_cast<int>(content.size()), SQLITE_STATIC);
    step(message_);
    bind(event_, {n, pk, at, at});
    step(event_);
    bind(update_, {at, at, n, n, pk});
    step(update_);
  }

  sqlite3* database_ = nullptr;
  sqlite3_stmt *message_ = nullptr, *event_ = nullptr, *update_ = nullptr, *begin_ = nullptr,
               *commit_ = nullptr;
};

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

void print(const char* what, std::size_t width, const Figures& figures) {
  std::printf("%-22s %5zu %10.0f/s   p50 %7.3f ms   p99 %7.3f ms\n", what, width, figures.per_second,
              figures.p50_ms, figures.p99_ms);
  std::fflush(stdout);
}

double bare(const Run& run, std::size_t batch) {
  const auto path = run.fresh("bare");
  if (auto made = open(path); !made) std::exit(1);  // the same schema
  const Figures figures = BareLoop(path).measure(batch, run.seconds);
  print("bare loop, rows/commit", batch, figures);
  return figures.per_second;
}

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

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  const Run run{argc > 1 ? argv[1] : "/tmp/agentpipe-store-bench", argc > 2 ? std::atof(argv[2]) : 2.0};
  const int rounds = argc > 3 ? std::atoi(argv[3]) : 3;
  std::filesystem::create_directories(run.folder);
  std::vector<double> ratios, batch_ratios;
  for (int round = 0; round < rounds; ++round) {
    for (const std::size_t batch : {1U, 16U}) bare(run, batch);
    const double at_256 = bare(run, 256);
    batch_ratios.push_back(stored_batches(run, 256) / at_256);
    const double at_64 = bare(run, 64);
    for (const std::size_t producers : {1U, 16U}) stored(run, producers);
    const double stored_64 = stored(run, 64);
    ratios.push_back(stored_64 / at_64);
    std::printf(
        "64 producers : bare loop of 64 rows = %.2f, batches of 256 : bare loop of 256 rows = %.2f\n\n",
        ratios.back(), batch_ratios.back());
  }
  std::printf("median ratios %.2f and %.2f\n", median(ratios), median(batch_ratios));
}
