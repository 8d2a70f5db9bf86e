#include "bare_loop.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/store/sqlite/open.hpp"

namespace agentpipe::bench {

namespace {

void check(int code) {
  if (code == SQLITE_OK || code == SQLITE_DONE) return;
  std::fprintf(stderr, "SQLite: %s\n", sqlite3_errstr(code));
  std::exit(1);
}

void step(sqlite3_stmt* statement) {
  check(sqlite3_step(statement));
  sqlite3_reset(statement);
}

void bind(sqlite3_stmt* statement, std::initializer_list<std::int64_t> values) {
  int index = 0;
  for (const std::int64_t value : values) sqlite3_bind_int64(statement, ++index, value);
}

/// An empty database with our schema.
void make(const std::filesystem::path& path) {
  for (const char* tail : {"", "-wal", "-shm", ".lock"}) std::filesystem::remove(path.string() + tail);
  base::SystemClock clock;
  if (!store::open_sqlite({.path = path, .clock = clock})) std::exit(1);
}

}  // namespace

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

void print(const char* what, std::size_t width, const Figures& figures) {
  std::printf("%-22s %5zu %10.0f/s   p50 %7.3f ms   p99 %7.3f ms\n", what, width, figures.per_second,
              figures.p50_ms, figures.p99_ms);
  std::fflush(stdout);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

BareLoop::BareLoop(const std::filesystem::path& path, std::size_t content) : content_(content, 'x') {
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
  event_ = prepare("INSERT INTO events(n,session_pk,type,at,received_at) VALUES(?,?,'message.created',?,?)");
  update_ = prepare(
      "UPDATE sessions SET messages=messages+1,tokens=tokens+21,input_tokens=input_tokens+11,"
      "output_tokens=output_tokens+10,cost=coalesce(cost,0)+0.001,duration_ms=duration_ms+830,updated_at=?,"
      "last_event_at=?,last_sequence=?,latest_sequence=? WHERE pk=?");
  begin_ = prepare("BEGIN IMMEDIATE");
  commit_ = prepare("COMMIT");
}
BareLoop::~BareLoop() {
  for (sqlite3_stmt* statement : {message_, event_, update_, begin_, commit_}) sqlite3_finalize(statement);
  sqlite3_close(database_);
}

Figures BareLoop::measure(std::size_t batch, double seconds) {
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

void BareLoop::run(const char* sql) {
  check(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr));
}

sqlite3_stmt* BareLoop::prepare(const char* sql) {
  sqlite3_stmt* statement = nullptr;
  check(sqlite3_prepare_v3(database_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr));
  return statement;
}

void BareLoop::insert(std::size_t count) {
  const auto n = static_cast<std::int64_t>(count) + 1;
  const auto pk = static_cast<std::int64_t>(count % k_sessions) + 1;
  const std::int64_t at = 1'767'600'000'000 + n;
  const std::string id = message_id(count);
  bind(message_, {n, pk, n, at});
  sqlite3_bind_text(message_, 5, id.data(), static_cast<int>(id.size()), SQLITE_STATIC);
  sqlite3_bind_text(message_, 6, content_.data(), static_cast<int>(content_.size()), SQLITE_STATIC);
  step(message_);
  bind(event_, {n, pk, at, at});
  step(event_);
  bind(update_, {at, at, n, n, pk});
  step(update_);
}

double bare_rows(const std::filesystem::path& folder, std::size_t batch, double seconds,
                 std::size_t content) {
  const auto path = folder / "bare.db";
  make(path);
  const Figures measured = BareLoop(path, content).measure(batch, seconds);
  print("bare loop, rows/commit", batch, measured);
  return measured.per_second;
}

}  // namespace agentpipe::bench
