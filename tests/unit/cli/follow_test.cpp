#include <doctest/doctest.h>

#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "agentpipe/base/clock.hpp"
#include "manual_clock.hpp"
#include "stream_follow.hpp"
#include "temporary_directory.hpp"

using namespace agentpipe;
using cli::Follower;

namespace {

class InterruptingSignals final : public cli::Signals {
 public:
  Subscription subscribe(Handler handler) override {
    handler_ = std::move(handler);
    return {};
  }
  void raise() { handler_(cli::Signal::interrupt, 1); }

 private:
  Handler handler_;
};

/// Each wait plays the next step, which says what the system tells of it; after the last comes the signal.
class ScriptedWatch final : public follow::FolderWatch {
 public:
  using Step = std::function<follow::Changes()>;
  ScriptedWatch(InterruptingSignals& signals, test::ManualClock& clock) : signals_(signals), clock_(clock) {}

  bool add(const std::filesystem::path& folder) override {
    watched.push_back(folder.string());
    return can_watch;
  }
  follow::Changes wait(base::Milliseconds longest, int /*wake_fd*/) override {
    waits.push_back(longest);
    if (steps.empty()) {
      signals_.raise();
      return {};
    }
    const auto step = std::move(steps.front());
    steps.pop_front();
    auto changes = step();
    if (changes.paths.empty() && !changes.anything) clock_.advance(longest);  // silence
    return changes;
  }

  std::deque<Step> steps;
  std::vector<std::string> watched;
  std::vector<base::Milliseconds> waits;
  bool can_watch = true;

 private:
  InterruptingSignals& signals_;
  test::ManualClock& clock_;
};

class Words final : public formats::Sink {
 public:
  void event(model::Event event) override {
    if (const auto* message = std::get_if<model::MessageCreated>(&event.body)) said += message->content + " ";
    heard();
    if (const auto* note = std::get_if<model::LogEntry>(&event.body)) said += "(" + note->content + ") ";
  }
  void skipped(formats::Skip /*why*/, std::uint64_t /*line*/) override {}
  void problem(formats::Problem problem) override {
    problems += std::to_string(problem.line) + ": " + problem.reason + "\n";
  }
  std::string said;
  std::string problems;
  std::function<void()> heard = [] {};
};

std::string message_saying(const std::string& content) {
  return R"({"type":"message.created","timestamp":"2026-01-05T08:00:04Z","data":{"conversation_id":"c","message_id":"m-)" +
         content + R"(","agent_id":"a","agent_type":"a","role":"agent","content":")" + content + "\"}}\n";
}

std::string entry(const std::string& content) {
  return R"({"type":"log.entry","timestamp":"2026-01-05T08:00:04Z","data":{"conversation_id":"c","level":"message","agent_id":"a","role":"agent","content":")" +
         content + "\"}}\n";
}

struct Scene {
  test::TemporaryDirectory home;
  std::filesystem::path file = home.path() / "logs/a.jsonl";
  std::filesystem::path offsets = home.path() / "state/offsets";
  test::ManualClock clock{base::SystemClock().now()};
  std::vector<std::function<follow::Changes()>> steps;
  bool can_watch = true;
  bool all_taken = true;
  bool kept = true;
  bool signal_at_first_word = false;
  std::vector<base::Milliseconds> waits;
  std::vector<std::string> watched;
  std::string problems;

  Scene() { std::filesystem::create_directories(file.parent_path()); }

  void append(const std::string& text) const {
    std::ofstream(file, std::ios::binary | std::ios::app) << text;
  }
  void write(const std::string& text) const { std::ofstream(file, std::ios::binary) << text; }
  [[nodiscard]] follow::Changes told() const { return {{file.string()}, false}; }

  /// One life of the program, from its start to a signal after the last step: what it passed on.
  std::string run(const std::vector<std::filesystem::path>& paths, base::Timestamp begin = {}) {
    std::vector<std::string> names;
    for (const auto& path : paths) names.push_back(path.string());
    return run(cli::followed_roots(names, home.path()).value(), begin);
  }
  std::string run(std::vector<follow::PathPattern> roots, base::Timestamp begin) {
    InterruptingSignals signals;
    const cli::StreamControl control(signals, cli::StreamControl::Interrupt::ends_the_input);
    ScriptedWatch watch(signals, clock);
    watch.steps.assign(steps.begin(), steps.end());
    watch.can_watch = can_watch;
    auto places = follow::Places::open(offsets).value();
    Words words;
    if (signal_at_first_word) words.heard = [&] { signals.raise(); };
    Follower(std::move(roots),
             {nullptr, nullptr, words, [this] { return all_taken; }, [this] { return kept; }, begin, clock},
             {places, watch, control, clock})
        .run();
    waits = watch.waits;
    watched = watch.watched;
    problems = words.problems;
    return words.said;
  }
  std::string run() { return run({file}); }
};

}  // namespace

TEST_CASE("a broken line is told as soon as it has its end, also as the last one of a file") {
  Scene s;
  s.write(message_saying("one") + message_saying("two").substr(0, 60));
  s.steps = {[&] { return follow::Changes{}; }};
  CHECK(s.run() == "one ");
  CHECK(s.problems.empty());
  s.append("\n");
  CHECK(s.run().empty());
  CHECK(s.problems.starts_with("2: the body is not valid JSON"));
  CHECK(s.run().empty());
  CHECK(s.problems.empty());
}

TEST_CASE("each life goes on where the last one ended") {
  Scene s;
  s.write(message_saying("one"));
  s.steps = {[&] {
    s.append(message_saying("two"));
    return s.told();
  }};
  CHECK(s.run() == "one two ");
  s.append(message_saying("three"));
  s.steps.clear();
  CHECK(s.run() == "three ");
  CHECK(s.run() == "");
}

TEST_CASE("an unfinished line is left for later, by a restart too") {
  Scene s;
  const auto line = message_saying("two");
  s.write(message_saying("one") + line.substr(0, 20));
  CHECK(s.run() == "one ");
  s.append(line.substr(20));
  CHECK(s.run() == "two ");
  CHECK(s.problems == "");
}

TEST_CASE("what was not taken is not remembered") {
  Scene s;
  s.write(message_saying("one"));
  s.all_taken = false;
  CHECK(s.run() == "one ");
  s.all_taken = true;
  CHECK(s.run() == "one ");
  CHECK(s.run() == "");
}

TEST_CASE("what is in memory alone is passed on, but not remembered") {
  Scene s;
  s.write(message_saying("one"));
  s.kept = false;
  s.steps = {[&] {
    s.append(message_saying("two"));
    s.kept = true;
    return s.told();
  }};
  CHECK(s.run() == "one one two ");  // nothing stands in for the place of the first; the server knows it
  s.steps.clear();
  CHECK(s.run() == "");
}

TEST_CASE(
    "a place is not remembered behind an entry whose twin may come, and a twin is known after a restart") {
  Scene s;
  s.write(message_saying("one") + entry("two"));
  s.steps = {};
  CHECK(s.run() == "one ");
  s.append(message_saying("two") + message_saying("three"));
  CHECK(s.run() == "one two three ");  // again from in front of the entry, which is gone with its twin
  s.append(entry("three"));
  CHECK(s.run() == "");
}

TEST_CASE("after silence an entry without a twin stands alone") {
  Scene s;
  s.write(entry("one"));
  s.steps = {[] { return follow::Changes(); }};
  CHECK(s.run() == "(one) ");
  CHECK(s.waits.front() == base::Milliseconds(2000));
  CHECK(s.waits.back() == base::Milliseconds(-1));
}

TEST_CASE("what a reader holds back comes out when its own file is quiet, however busy others are") {
  Scene s;
  const auto busy = s.file.parent_path() / "busy.jsonl";
  s.write(
      R"({"sessionId":"g-1","projectHash":"a","startTime":"2026-01-05T08:00:00.000Z"})"
      "\n"
      R"({"id":"1","timestamp":"2026-01-05T08:00:00.000Z","type":"user","content":"ask"})"
      "\n"
      R"({"id":"2","timestamp":"2026-01-05T08:00:01.000Z","type":"gemini","content":"answer","tokens":{}})"
      "\n");
  std::ofstream(busy) << message_saying("one");
  const auto grow = [&](const char* word) {
    std::ofstream(busy, std::ios::app) << message_saying(word);
    s.clock.advance(base::Milliseconds(1500));
    return follow::Changes{{busy.string()}, false};
  };
  s.steps = {[&] { return grow("two"); }, [&] { return grow("three"); }, [&] { return grow("four"); }};
  auto said = s.run({s.file, busy});
  CHECK(said == "ask one two three answer four ");
}

TEST_CASE("a file that shrank or begins otherwise is read anew; a moved one to its end, and not again") {
  Scene s;
  s.write(message_saying("one") + message_saying("two"));
  s.steps = {[&] {
               s.write(message_saying("one"));
               return s.told();
             },
             [&] {
               s.append(message_saying("late"));
               std::filesystem::rename(s.file, s.file.string() + ".1");
               s.write(message_saying("new"));
               return follow::Changes{{s.file.string(), s.file.string() + ".1"}, false};
             }};
  CHECK(s.run() == "one two one new late ");
  s.steps.clear();
  CHECK(s.run() == "");
}

TEST_CASE("a folder's new files and folders are read; links, pipes and other text are not") {
  Scene s;
  const auto folder = s.file.parent_path();
  s.write(message_saying("one"));
  std::filesystem::create_symlink(s.file, folder / "link.jsonl");
  std::ofstream(folder / "notes.txt") << "no session\n";
  s.steps = {[&] {
    std::filesystem::create_directory(folder / "deep");
    std::ofstream(folder / "deep/b.jsonl") << message_saying("two");
    return follow::Changes{{(folder / "deep").string()}, false};
  }};
  CHECK(s.run({folder}) == "one two ");
  CHECK(s.problems == "");
}

TEST_CASE("in a home folder our own state is never looked at") {
  Scene s;
  s.write(message_saying("one"));
  std::filesystem::create_directories(s.offsets.parent_path() / "spool");
  std::ofstream(s.offsets.parent_path() / "spool/b.jsonl") << message_saying("two");
  s.steps = {[&] { return follow::Changes{{s.offsets.string()}, false}; }};
  CHECK(s.run({s.home.path()}) == "one ");
  CHECK(follow::Places::open(s.offsets).value().size() == 1);
}

TEST_CASE("missed news and folders that cannot be watched are made good by looking at everything") {
  Scene s;
  s.write(message_saying("one"));
  s.steps = {[&] {
    s.append(message_saying("two"));
    return follow::Changes{{}, true};
  }};
  CHECK(s.run() == "one two ");
  CHECK(s.waits.back() == base::Milliseconds(-1));
  s.can_watch = false;
  s.steps = {[&] {
    s.append(message_saying("three"));
    return follow::Changes();
  }};
  CHECK(s.run() == "three ");
  CHECK(s.waits.back() >= base::Milliseconds(1000));
}

TEST_CASE("a document is read again as a whole when it has changed, and only what is new is passed on") {
  Scene s;
  const std::string head = "=== AgentPipe Chat Log ===\nStarted: 2026-01-05 08:00:00\n=====\n\n";
  s.write(head + "[08:00:01] Ada (agent): one\n\n");
  s.steps = {[&] {
    s.append("[08:00:02] Bob (agent): two\n\n");
    return s.told();
  }};
  CHECK(s.run() == "one two ");
  s.steps.clear();
  CHECK(s.run() == "");
}

namespace {

/// Of a format whose new lines only the reader of the old ones understands.
std::string codex(const std::string& type, const std::string& payload) {
  return R"({"timestamp":"2026-01-05T08:00:00.000Z","type":")" + type + R"(","payload":)" + payload + "}\n";
}
std::string codex_says(const std::string& words) {
  return codex("event_msg", R"({"type":"agent_message","message":")" + words + "\"}") +
         codex("event_msg", R"({"type":"task_complete"})");
}
const std::string k_codex_head = codex("session_meta", R"({"id":"c-1","cwd":"/w"})");

}  // namespace

TEST_CASE(
    "a reader that knows the lines before takes only the new ones, and after a restart tells only these") {
  Scene s;
  s.write(k_codex_head + codex_says("one"));
  s.steps = {[&] {
    s.append(codex_says("two") + codex_says("three").substr(0, 50));
    return s.told();
  }};
  CHECK(s.run() == "one two ");
  s.steps.clear();
  s.append(codex_says("three").substr(50));
  CHECK(s.run() == "three ");
  CHECK(s.run() == "");
  s.write(k_codex_head + codex_says("four"));
  CHECK(s.run() == "four ");
}

TEST_CASE("stopped in the middle of a file, the next life reads its rest") {
  using Says = std::string (*)(const std::string&);
  for (const auto& [head, says] : {std::pair<std::string, Says>("", message_saying),
                                   std::pair<std::string, Says>(k_codex_head, codex_says)}) {
    Scene s;
    std::string text = head;
    for (int i = 0; i < 3000; ++i) text += says("word" + std::to_string(i));
    s.write(text + says("end"));
    s.signal_at_first_word = true;
    CHECK_FALSE(s.run().ends_with("end "));
    s.signal_at_first_word = false;
    CHECK(s.run().ends_with("word2999 end "));
  }
}

TEST_CASE("a folder that is not there yet is waited for, and only what is meant in it is read") {
  Scene s;
  const auto logs = s.home.path() / "agent/sessions";
  s.steps = {[&] {
    std::filesystem::create_directories(logs / "deep");
    std::ofstream(logs / "deep/a.jsonl") << message_saying("one");
    std::ofstream(logs / "deep/notes.txt") << message_saying("two");
    return follow::Changes{{(s.home.path() / "agent").string()}, false};
  }};
  CHECK(s.run({follow::PathPattern(s.home.path() / "agent", "sessions/**/*.jsonl")}, {}) == "one ");
  CHECK(s.watched ==
        std::vector<std::string>{s.home.path().string(), logs.string(), (logs / "deep").string()});
}

TEST_CASE("what was written before the beginning is left alone until it goes on") {
  Scene s;
  s.write(message_saying("one"));
  const auto later = s.clock.now() + std::chrono::hours(1);
  s.steps = {[&] { return s.told(); }};
  CHECK(s.run({s.file}, later).empty());
  s.append(message_saying("two"));
  CHECK(s.run({s.file}, s.clock.now() - std::chrono::hours(1)) == "one two ");
}
