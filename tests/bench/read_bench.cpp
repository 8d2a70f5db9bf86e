// What do the pages' reads cost on a large database? Fills one with sessions of ten messages each of made-up
// words and one session of ten thousand, waits for the search index, then asks each question again and again
// with other values. The database is FOLDER/web.db: web_bench BINARY start FOLDER tells how fast a server
// starts with it.
//
//   read_bench [FOLDER] [SESSIONS] [ROUNDS]

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/store/sqlite/open.hpp"
#include "words.hpp"

using namespace agentpipe;
using bench::k_words;
using bench::Words;
using SteadyClock = std::chrono::steady_clock;

namespace {

constexpr int k_messages = 10;
constexpr int k_long = 10'000;
constexpr std::size_t k_content = 700;

double seconds_since(SteadyClock::time_point start) {
  return std::chrono::duration<double>(SteadyClock::now() - start).count();
}

std::vector<model::Event> session(int number, Words& words) {
  constexpr std::array k_types{"claude", "gemini", "codex", "aider"};
  const std::string id = "s-" + std::to_string(number);
  const auto at = [&](int second) {
    return base::Timestamp{std::chrono::seconds{1'700'000'000 + number * 60 + second}};
  };
  const std::string type = k_types[static_cast<std::size_t>(number) % k_types.size()];
  model::ConversationStarted started;
  started.conversation_id = id;
  started.mode = number % 3 == 0 ? "reactive" : "free-form";
  started.initial_prompt = words.text(100);
  model::Participant agent;
  agent.agent_id = type + "-0";
  agent.agent_type = type;
  agent.model = type + "-large";
  started.participants = {agent};
  std::vector<model::Event> events{{at(0), started}};
  for (int i = 1; i <= k_messages; ++i) {
    model::MessageCreated message;
    message.conversation_id = id;
    message.message_id = id + "-" + std::to_string(i);
    message.agent_id = agent.agent_id;
    message.agent_type = type;
    message.role = "agent";
    message.content = words.text(k_content);
    message.tokens_used = 100 + i;
    message.cost = 0.001 * i;
    message.model = agent.model;
    message.duration_ms = 500 * i;
    events.push_back({at(i), message});
  }
  if (number % 20 != 0) {
    model::ConversationCompleted completed;
    completed.conversation_id = id;
    completed.status = number % 50 == 1 ? model::Status::error : model::Status::completed;
    events.push_back({at(11), completed});
  }
  return events;
}

/// One session with very many messages.
std::vector<model::Event> long_session() {
  Words words;
  std::vector<model::Event> events;
  for (int i = 1; i <= k_long; ++i) {
    model::MessageCreated message;
    message.conversation_id = "long";
    message.message_id = "long-" + std::to_string(i);
    message.agent_id = "claude-0";
    message.agent_type = "claude";
    message.role = "agent";
    message.content = words.text(k_content);
    events.push_back({base::Timestamp{std::chrono::seconds{1'700'000'000 + i}}, message});
  }
  return events;
}

void fill(store::Store& store, int sessions) {
  Words words;
  const auto start = SteadyClock::now();
  std::vector<std::future<bool>> answers;
  const auto collect = [&] {
    for (auto& answer : answers)
      if (!answer.get()) std::exit(1);
    answers.clear();
  };
  for (int i = 0; i < sessions; ++i) {
    auto promise = std::make_shared<std::promise<bool>>();
    answers.push_back(promise->get_future());
    store.append({session(i, words), base::Timestamp{std::chrono::seconds{1'700'000'000}},
                  i % 4 == 0 ? store::Source::cli_upload : store::Source::cli_stream},
                 [promise](base::Result<store::Appended> result) { promise->set_value(result.has_value()); });
    if (answers.size() == 256) collect();
  }
  auto promise = std::make_shared<std::promise<bool>>();
  answers.push_back(promise->get_future());
  store.append(
      {long_session(), base::Timestamp{std::chrono::seconds{1'700'000'000}}, store::Source::cli_upload},
      [promise](base::Result<store::Appended> result) { promise->set_value(result.has_value()); });
  collect();
  std::printf("filled %d sessions in %.1f s\n", sessions, seconds_since(start));
}

void measure(const char* name, int rounds, const std::function<bool(int)>& ask) {
  std::vector<double> waits;
  for (int i = 0; i < rounds; ++i) {
    const auto start = SteadyClock::now();
    if (!ask(i)) std::printf("%s: an error\n", name);
    waits.push_back(seconds_since(start) * 1e3);
  }
  std::ranges::sort(waits);
  const auto at = [&](double share) { return waits[static_cast<std::size_t>(share * double(rounds - 1))]; };
  std::printf("%-40s p50 %8.3f  p99 %8.3f ms\n", name, at(0.5), at(0.99));
}

using Change = std::function<void(store::SessionQuery&, int)>;

void lists(store::Store& store, int sessions, int rounds) {
  const std::vector<std::pair<const char*, Change>> rows = {
      {"list, newest first", [](auto&, int) {}},
      {"list, page by offset", [&](auto& q, int i) { q.offset = i * 7919L % sessions; }},
      {"list, page by cursor",
       [&](auto& q, int i) {
         q.after = store::SessionPlace{(1'700'000'000L + i * 7919L % sessions * 60) * 1000, sessions};
       }},
      {"list, by status", [](auto& q, int i) { q.status = {static_cast<model::Status>(i % 4)}; }},
      {"list, by source", [](auto& q, int i) { q.source = {i % 2 == 0 ? "cli-stream" : "cli-upload"}; }},
      {"list, by agent", [](auto& q, int i) { q.agent_type = {i % 2 == 0 ? "claude" : "aider"}; }},
      {"list, by agent and status",
       [](auto& q, int) { q.agent_type = {"claude"}, q.status = {model::Status::completed}; }},
      {"list, sorted by cost", [](auto& q, int) { q.sort = store::SessionSort::cost; }},
      {"list, text in name or prompt", [](auto& q, int i) { q.text = Words::spelled(i); }},
  };
  for (const auto& [name, change] : rows) {
    measure(name, rounds, [&, change = change](int i) {
      store::SessionQuery query;
      change(query, i);
      return store.sessions(query).has_value();
    });
  }
}

void searches(store::Store& store, int rounds) {
  const std::vector<std::pair<const char*, std::function<std::string(int)>>> rows = {
      {"search, common word", [](int i) { return Words::spelled(i % 20); }},
      {"search, rare word", [](int i) { return Words::spelled(k_words - 1 - i); }},
      {"search, phrase", [](int i) { return Words::spelled(i % 40) + " " + Words::spelled(i % 37); }},
      {"search, no hit", [](int i) { return "qqq" + std::to_string(i); }},
      {"search, inside of words", [](int i) { return Words::spelled(k_words / 2 + i).substr(1, 6); }},
  };
  for (const auto& [name, text] : rows) {
    measure(name, rounds, [&, text = text](int i) {
      store::SearchQuery query;
      query.text.terms = {text(i)};
      return store.search(query).has_value();
    });
  }
}

}  // namespace

int main(int count, char** arguments) {
  const std::filesystem::path folder = count > 1 ? arguments[1] : std::filesystem::temp_directory_path();
  const int sessions = count > 2 ? std::atoi(arguments[2]) : 100'000;
  const int rounds = count > 3 ? std::atoi(arguments[3]) : 500;
  base::SystemClock clock;
  const store::SqliteOptions options{.path = folder / "web.db", .clock = clock};
  const auto opening = SteadyClock::now();
  auto store = store::open_sqlite(options);
  if (!store) return 1;
  std::printf("opened in %.0f ms\n", seconds_since(opening) * 1e3);
  if ((*store)->last_number() == 0) {
    fill(**store, sessions);
    // The unindexed tail makes a search with no hit slow: that it is quick tells that the index is there.
    std::printf("run again, when the index has caught up, to measure\n");
    std::this_thread::sleep_for(std::chrono::seconds(sessions / 1000));
    return 0;
  }
  lists(**store, sessions, rounds);
  measure("facets", rounds, [&](int) { return (*store)->facets(50).has_value(); });
  measure("messages, first page of a session", rounds, [&](int i) {
    return (*store)->messages({.session_id = "s-" + std::to_string(i * 131 % sessions)}).has_value();
  });
  measure("detail and first page of 10,000 messages", rounds, [&](int) {
    return (*store)->session("long").has_value() && (*store)->messages({.session_id = "long"}).has_value();
  });
  searches(**store, rounds);
  return 0;
}
