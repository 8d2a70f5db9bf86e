// How far is the search index behind while events come in, and is what it lacks found all the same?
//
//   index_bench [EVENTS a second] [SECONDS]

#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/store/sqlite/open.hpp"
#include "bare_loop.hpp"
#include "temporary_directory.hpp"
#include "words.hpp"

using namespace agentpipe;
using namespace agentpipe::bench;

namespace {

constexpr std::size_t k_content = 700;
constexpr int k_groups = 100;  // a second

/// Looks into the database from outside.
class Watcher {
 public:
  explicit Watcher(const std::filesystem::path& path) {
    sqlite3_open_v2(path.c_str(), &database_, SQLITE_OPEN_READONLY, nullptr);
    sqlite3_prepare_v2(database_, "SELECT reached FROM search_state", -1, &reached_, nullptr);
  }
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;
  ~Watcher() {
    sqlite3_finalize(reached_);
    sqlite3_close(database_);
  }
  std::int64_t reached() {
    const auto number = sqlite3_step(reached_) == SQLITE_ROW ? sqlite3_column_int64(reached_, 0) : 0;
    sqlite3_reset(reached_);
    return number;
  }

 private:
  sqlite3* database_ = nullptr;
  sqlite3_stmt* reached_ = nullptr;
};

model::Event event(std::size_t n, Words& words, const std::string& mark) {
  model::MessageCreated made;
  made.conversation_id = session_id(n);
  made.message_id = message_id(n);
  made.agent_id = "claude-0";
  made.agent_type = "claude";
  made.role = "agent";
  made.content = words.text(k_content) + mark;
  return {base::Timestamp{std::chrono::milliseconds{1'767'600'000'000 + static_cast<long>(n)}},
          std::move(made)};
}

bool append(store::Store& store, std::vector<model::Event> events) {
  std::promise<bool> answer;
  store.append({std::move(events), base::Timestamp{std::chrono::milliseconds{1'767'600'000'000}},
                store::Source::cli_stream},
               [&](const auto& result) { answer.set_value(result.has_value()); });
  return answer.get_future().get();
}

/// Milliseconds until a word that was just committed is found; nothing means that it was not.
double found_after(store::Store& store, const std::string& word) {
  const auto begin = SteadyClock::now();
  store::SearchQuery query;
  query.text.terms = {word};
  const auto page = store.search(query);
  if (!page || page->results.empty()) std::printf("NOT FOUND: %s\n", word.c_str());
  return elapsed(begin) * 1e3;
}

}  // namespace

int main(int count, char** arguments) {
  const int rate = count > 1 ? std::atoi(arguments[1]) : 10'000;
  const int seconds = count > 2 ? std::atoi(arguments[2]) : 20;
  const test::TemporaryDirectory folder;
  base::SystemClock clock;
  auto store = store::open_sqlite({.path = folder.path() / "web.db", .clock = clock});
  if (!store) return 1;
  Watcher watcher(folder.path() / "web.db");
  Words words;
  std::vector<double> behind, waits;
  std::size_t sent = 0;
  const auto begin = SteadyClock::now();
  for (int group = 0; group < seconds * k_groups; ++group) {
    const auto mark = "qx" + std::to_string(group) + "zz";
    std::vector<model::Event> events;
    while (events.size() < static_cast<std::size_t>(rate / k_groups))
      events.push_back(event(sent++, words, {}));
    events.push_back(event(sent++, words, mark));
    if (!append(**store, std::move(events))) return 1;
    behind.push_back(static_cast<double>((*store)->last_number() - watcher.reached()) / rate);
    if (group % k_groups == k_groups / 2) waits.push_back(found_after(**store, mark));
    std::this_thread::sleep_until(begin + std::chrono::milliseconds(1000 / k_groups) * (group + 1));
  }
  std::printf("%zu events in %.1f s\n", sent, elapsed(begin));
  const auto over = SteadyClock::now();
  const auto left = (*store)->last_number() - watcher.reached();
  while (watcher.reached() < (*store)->last_number())
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  std::printf("the last %lld were indexed in %.2f s\n", static_cast<long long>(left), elapsed(over));
  std::ranges::sort(behind);
  std::ranges::sort(waits);
  std::printf("index behind: median %.2f s, most %.2f s\n", behind[behind.size() / 2], behind.back());
  std::printf("a word of the newest event found in: median %.1f ms, most %.1f ms\n", waits[waits.size() / 2],
              waits.back());
}
