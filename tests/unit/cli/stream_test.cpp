#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <latch>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "agentpipe/cli/program.hpp"
#include "pipe.hpp"
#include "scripted_transport.hpp"
#include "stream_report.hpp"
#include "stream_session.hpp"
#include "temporary_directory.hpp"

using namespace agentpipe;
using namespace std::chrono_literals;
using cli::ExitCode;
using cli::Signal;
using nlohmann::json;

namespace {

constexpr const char* k_url = "http://localhost:3000";

std::string line(const std::string& type, json data) {
  data["conversation_id"] = "c-1";
  return json{{"type", type}, {"timestamp", "2026-01-05T08:00:04.000Z"}, {"data", std::move(data)}}.dump() +
         "\n";
}
std::string started() {
  return line("conversation.started",
              {{"mode", "reactive"}, {"initial_prompt", "hi"}, {"participants", json::array()}});
}
std::string message(const std::string& id) {
  return line("message.created",
              {{"message_id", id}, {"agent_id", "a-0"}, {"agent_type", "claude"}, {"content", id}});
}
std::string completed() {
  return line("conversation.completed", {{"status", "completed"}});
}

/// Signals that a test sends.
class FakeSignals final : public cli::Signals {
 public:
  [[nodiscard]] Subscription subscribe(Handler handler) override {
    const std::lock_guard lock(mutex_);
    handler_ = std::move(handler);
    return Subscription([this] {
      const std::lock_guard inner(mutex_);
      handler_ = nullptr;
    });
  }
  void send(Signal signal) {
    const std::lock_guard lock(mutex_);
    if (handler_) handler_(signal, ++count_);
  }

 private:
  std::mutex mutex_;
  Handler handler_;
  unsigned count_ = 0;
};

/// A stream from a pipe to a scripted server of ours.
struct Fixture {
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  config::Environment environment;
  base::SystemClock clock;
  FakeSignals signals;
  test::Pipe input;
  test::Pipe output;
  test::TemporaryDirectory home;
  std::unique_ptr<delivery::FileSystem> files = delivery::make_posix_file_system();
  test::ScriptedTransport server;
  cli::World world{in, out, err, {}, {}, {}, environment, {}, {}, clock, signals, {}};

  Fixture() {
    std::signal(SIGPIPE, SIG_IGN);
    server.get("/api/health", test::answer(200, R"({"service":"agentpipe-web"})"));
    world.in_channel.fd = input.read_end.get();
    world.out_channel.fd = output.write_end.get();
    world.paths.state = home.path() / "state";
    world.paths.client_config = home.path() / "agentpipe.yaml";
  }
  [[nodiscard]] cli::StreamPlan plan() const {
    cli::StreamPlan plan;
    plan.inputs = cli::open_inputs({"-"}, input.read_end.get(), clock.now()).value();
    plan.stamp = {"box", "", "1.2.3"};
    plan.drain_timeout = 50s;
    return plan;
  }
  ExitCode run(cli::StreamPlan plan) { return cli::deliver_stream(std::move(plan), k_url, server, world); }
  /// Writes all of it, closes the pipe and runs.
  ExitCode run(const std::string& bytes) {
    input.write(bytes);
    input.close();
    return run(plan());
  }
  [[nodiscard]] delivery::SpoolFolder folder() { return {*files, clock, world.paths.state / "spool"}; }
  /// The dead letters of the one source that is there.
  [[nodiscard]] std::vector<delivery::DeadLetter> letters() {
    delivery::SpoolFolder spools = folder();
    const auto sources = spools.sources().value();
    REQUIRE(sources.size() == 1);
    std::vector<delivery::DeadLetter> letters;
    CHECK(spools.each_letter(sources[0], [&](const auto& letter) { letters.push_back(letter); }));
    return letters;
  }
  [[nodiscard]] std::string arrived() const {
    std::string types;
    for (const std::string& body : server.bodies())
      types += json::parse(body)["type"].get<std::string>() + " ";
    return types;
  }
  void wait_for_requests(std::size_t count) const {
    while (server.bodies().size() < count) std::this_thread::yield();
  }
};

}  // namespace

TEST_CASE("a piped session arrives in order, stamped, and the last line says where to look") {
  Fixture f;
  CHECK(f.run(started() + "a banner\n" + message("m-1") + completed()) == ExitCode::ok);
  CHECK(f.arrived() == "conversation.started message.created conversation.completed ");
  for (const std::string& body : f.server.bodies()) {
    CHECK(json::parse(body)["data"]["machine"] == "box");
    CHECK(json::parse(body)["data"]["client"] == json{{"name", "agentpipe-bridge"}, {"version", "1.2.3"}});
  }
  CHECK(f.err.str() ==
        "agentpipe-bridge: 3 events delivered to http://localhost:3000, session "
        "http://localhost:3000/sessions/c-1\n");
  CHECK(f.out.str().empty());
}

TEST_CASE("an event is delivered while the input is still open") {
  Fixture f;
  std::jthread producer([&] {
    f.input.write(started());
    f.wait_for_requests(1);
    f.input.write(message("m-1"));
    f.wait_for_requests(2);
    f.input.write(completed());
    f.input.close();
  });
  CHECK(f.run(f.plan()) == ExitCode::ok);
  CHECK(f.server.bodies().size() == 3);
}

TEST_CASE("what a sender says about itself stays, and --name names the first session") {
  Fixture f;
  f.input.write(
      line("conversation.started",
           {{"mode", "m"}, {"initial_prompt", ""}, {"participants", json::array()}, {"machine", "other"}}));
  f.input.close();
  cli::StreamPlan plan = f.plan();
  plan.stamp.name = "Rivers";
  CHECK(f.run(std::move(plan)) == ExitCode::ok);
  const json data = json::parse(f.server.bodies().at(0))["data"];
  CHECK(data["machine"] == "other");
  CHECK(data["name"] == "Rivers");
}

TEST_CASE("a producer that dies in the middle is reported, and no end is invented") {
  Fixture f;
  CHECK(f.run(started() + message("m-1")) == ExitCode::ok);
  CHECK(f.arrived() == "conversation.started message.created ");
  CHECK(f.err.str() ==
        "agentpipe-bridge: 2 events delivered to http://localhost:3000, session "
        "http://localhost:3000/sessions/c-1; the session has not ended (no conversation.completed came)\n");
}

TEST_CASE("tee passes every byte, also those that are no events and a last line without its end") {
  Fixture f;
  const std::string bytes = std::string("\0\xff noise\r\n", 10) + started() + completed() + "no newline";
  f.input.write(bytes);
  f.input.close();
  cli::StreamPlan plan = f.plan();
  plan.tee_fd = f.output.write_end.get();
  CHECK(f.run(std::move(plan)) == ExitCode::ok);
  f.output.close();
  CHECK(f.output.rest() == bytes);
}

TEST_CASE("when nobody reads the tee any more, delivery goes on") {
  Fixture f;
  f.output.read_end = {};
  f.input.write(started() + completed());
  f.input.close();
  cli::StreamPlan plan = f.plan();
  plan.tee_fd = f.output.write_end.get();
  CHECK(f.run(std::move(plan)) == ExitCode::ok);
  CHECK(f.server.bodies().size() == 2);
}

TEST_CASE("a refused event exits 65 and says why; the others are delivered") {
  Fixture f;
  f.server.then(test::answer(200, R"({"success":true})")).then(test::answer(400, R"({"error":"too odd"})"));
  CHECK(f.run(started() + message("m-1") + completed()) == ExitCode::refused);
  CHECK(f.arrived() == "conversation.started message.created conversation.completed ");
  CHECK(f.err.str() ==
        "agentpipe-bridge: 2 events delivered to http://localhost:3000, session "
        "http://localhost:3000/sessions/c-1; 1 event refused by the server (last: too odd)\n");
}

TEST_CASE("a refused key exits 77 after one calm line, and the input is read to its end") {
  Fixture f;
  f.server.otherwise(test::answer(401, R"({"error":"Unauthorized","details":"Invalid API key"})"));
  CHECK(f.run(started() + message("m-1") + completed()) == ExitCode::key_refused);
  CHECK(
      f.err.str() ==
      "agentpipe-bridge: http://localhost:3000 refuses the key: the server answered 401 (Invalid API key); "
      "asking "
      "again each minute. Set another with agentpipe-bridge setup, or test it with agentpipe-bridge test\n"
      "agentpipe-bridge: 0 events delivered to http://localhost:3000; 3 events kept in the spool: the server "
      "answered 401 (Invalid API key); the next run of stream or spool flush delivers them\n");
}

TEST_CASE("a server that is away exits 75 with the count, and the next run delivers what waits") {
  Fixture f;
  f.server.get("/api/health", test::network_fault(delivery::NetworkFault::connect));
  f.input.write(started() + completed());
  f.input.close();
  cli::StreamPlan plan = f.plan();
  plan.drain_timeout = 0ms;
  CHECK(f.run(std::move(plan)) == ExitCode::spooled);
  CHECK(f.err.str().find("; 2 events kept in the spool") != std::string::npos);
  CHECK(f.err.str().ends_with("; the next run of stream or spool flush delivers them\n"));
  const auto waiting = f.folder().sources().value();
  REQUIRE(waiting.size() == 1);
  CHECK(waiting[0].waiting == 2);
  CHECK(waiting[0].destination == k_url);
}

TEST_CASE("an input of no known format exits 65 and names those there are") {
  Fixture f;
  CHECK(f.run("just\nsome\ntext\n") == ExitCode::refused);
  CHECK(f.letters().at(0).begins == "just\nsome\ntext\n");
  CHECK(f.err.str().starts_with(
      "agentpipe-bridge: standard input: no known format; name it with --format (agentpipe-"));
  CHECK(f.server.bodies().empty());
}

TEST_CASE("a broken line is named and kept, and the lines around it are delivered") {
  Fixture f;
  const std::string broken = R"({"type":"message.created","data":{)";
  CHECK(f.run(started() + broken + "\n" + completed()) == ExitCode::refused);
  CHECK(f.arrived() == "conversation.started conversation.completed ");
  CHECK(f.err.str().starts_with("agentpipe-bridge: standard input, line 2: "));
  const auto letters = f.letters();
  REQUIRE(letters.size() == 1);
  CHECK(letters[0].code == "unreadable");
  CHECK(letters[0].reason.starts_with("standard input, line 2: "));
  CHECK(letters[0].begins == broken);
  const auto source = f.folder().sources().value().at(0);
  CHECK(source.destination == k_url);
  CHECK(source.dead_letters == 1);
  CHECK(
      f.err.str().ends_with("; 1 place of the input could not be read (how that begins: agentpipe-bridge "
                            "spool inspect " +
                            source.source.substr(0, 8) + ")\n"));
}

TEST_CASE("a last line that was cut off is kept, as is one that is too long, with secrets replaced") {
  Fixture f;
  cli::StreamPlan plan = f.plan();
  plan.redactor = std::make_shared<const redact::Redactor>();
  std::jthread producer([&] {
    const std::string key = "AKIA" + std::string("IOSFODNN7EXAMPLE");
    std::string line = R"({"type":"message.created","data":{"key":")" + key + R"(","content":")";
    f.input.write(started());
    for (std::size_t left = 17UL << 20U; left > 0; left -= 1UL << 20U)
      f.input.write(std::exchange(line, std::string(1UL << 20U, 'x')));
    f.input.write("\n" + completed() + R"({"type":"mess)");
    f.input.close();
  });
  CHECK(f.run(std::move(plan)) == ExitCode::refused);
  CHECK(f.arrived() == "conversation.started conversation.completed ");
  const auto letters = f.letters();
  REQUIRE(letters.size() == 2);
  CHECK(letters[0].reason == "standard input, line 2: the line is longer than 16.8 MB and was left out");
  CHECK(letters[0].begins.starts_with(R"({"type":"message.created","data":{"key":"[redacted:)"));
  CHECK(letters[0].begins.size() <= 4096 + 100);
  CHECK(letters[1].begins == R"({"type":"mess)");
}

TEST_CASE("an interrupt cuts nothing off: the producer still has its last words") {
  Fixture f;
  std::jthread producer([&] {
    f.input.write(started());
    f.wait_for_requests(1);
    f.signals.send(Signal::interrupt);
    f.input.write(completed());
    f.input.close();
  });
  CHECK(f.run(f.plan()) == ExitCode::ok);
  CHECK(f.arrived() == "conversation.started conversation.completed ");
}

TEST_CASE("a termination ends the input at once, and what was read is delivered") {
  for (const Signal signal : {Signal::terminate, Signal::hangup}) {
    Fixture f;
    std::jthread producer([&] {
      f.input.write(started() + R"({"type":"mess)");
      f.wait_for_requests(1);
      f.signals.send(signal);
    });
    CHECK(f.run(f.plan()) == ExitCode::interrupted);
    CHECK(f.arrived() == "conversation.started ");
    CHECK(f.err.str().find("LOST") == std::string::npos);
  }
}

TEST_CASE("a second signal ends everything, and what waits is kept") {
  Fixture f;
  f.server.otherwise(test::answer_with_retry_after(503, "1"));
  std::jthread producer([&] {
    f.input.write(started());
    f.wait_for_requests(1);
    f.signals.send(Signal::interrupt);
    f.signals.send(Signal::interrupt);
  });
  CHECK(f.run(f.plan()) == ExitCode::spooled);
  CHECK(f.err.str().find("1 event kept in the spool") != std::string::npos);
}

TEST_CASE("files are read one after the other, each by its own format") {
  Fixture f;
  const auto a = f.home.path() / "a.jsonl";
  const auto b = f.home.path() / "b.jsonl";
  std::ofstream(a) << started();
  std::ofstream(b) << message("m-1") << completed();
  cli::StreamPlan plan = f.plan();
  plan.inputs = cli::open_inputs({a.string(), b.string()}, -1, f.clock.now()).value();
  CHECK(f.run(std::move(plan)) == ExitCode::ok);
  CHECK(f.arrived() == "conversation.started message.created conversation.completed ");
}

TEST_CASE("a file that is not there is named before anything is read") {
  const auto inputs = cli::open_inputs({"-", "/no/such/file"}, 0, {});
  REQUIRE_FALSE(inputs);
  CHECK(inputs.error().code == base::ErrorCode::not_found);
  CHECK(inputs.error().message == "cannot read /no/such/file: No such file or directory");
  CHECK(cli::open_inputs({"/tmp"}, 0, {}).error().message == "/tmp is a folder; `upload` takes folders");
}

TEST_CASE("a rehearsal prints one line an event and sends nothing") {
  Fixture f;
  f.input.write(started() + completed());
  f.input.close();
  CHECK(cli::rehearse_stream(f.plan(), f.world) == ExitCode::ok);
  CHECK(f.out.str() == "conversation.started\tc-1\t267 B\nconversation.completed\tc-1\t197 B\n");
  CHECK(f.server.requests().empty());
}

TEST_CASE("with nothing set up the command exits 78, but the pipe it stands in does not notice") {
  Fixture f;
  const std::string bytes = started() + "anything\n";
  f.input.write(bytes);
  f.input.close();
  CHECK(cli::run_program({"agentpipe-bridge", "stream", "--tee"}, f.world) == ExitCode::configuration);
  f.output.close();
  CHECK(f.output.rest() == bytes);
  CHECK(f.err.str().find("agentpipe-bridge setup") != std::string::npos);
}

TEST_CASE("flags that cannot be meant are a usage error") {
  using Line = std::vector<std::string>;
  for (const Line& line : {Line{"agentpipe-bridge", "stream", "--tee", "--dry-run"},
                           Line{"agentpipe-bridge", "stream", "--format", "word-perfect"},
                           Line{"agentpipe-bridge", "stream", "--drain-timeout", "soon"}}) {
    Fixture f;
    CHECK(cli::run_program(line, f.world) == ExitCode::usage);
  }
}

TEST_CASE("the exit code is that of the worst that happened") {
  using End = cli::StreamEnd;
  using delivery::Line;
  struct Row {
    std::uint64_t waiting, rejected, dropped, problems, lost, too_large;
    Line line;
    End::Input input;
    ExitCode code;
  };
  const Row rows[] = {
      {0, 0, 0, 0, 0, 0, Line::idle, End::Input::complete, ExitCode::ok},
      {0, 0, 0, 0, 0, 0, Line::idle, End::Input::cut_off, ExitCode::interrupted},
      {0, 1, 0, 0, 0, 0, Line::idle, End::Input::complete, ExitCode::refused},
      {0, 0, 0, 1, 0, 0, Line::idle, End::Input::cut_off, ExitCode::refused},
      {1, 0, 0, 0, 0, 0, Line::down, End::Input::complete, ExitCode::spooled},
      {1, 1, 0, 1, 0, 0, Line::sending, End::Input::complete, ExitCode::spooled},
      {1, 0, 0, 0, 0, 0, Line::down, End::Input::cut_off, ExitCode::spooled},
      {1, 0, 0, 0, 0, 0, Line::refused, End::Input::complete, ExitCode::key_refused},
      {1, 0, 0, 0, 0, 0, Line::misconfigured, End::Input::complete, ExitCode::configuration},
      {0, 0, 1, 0, 0, 0, Line::idle, End::Input::complete, ExitCode::data_lost},
      {1, 0, 0, 0, 1, 0, Line::down, End::Input::complete, ExitCode::data_lost},
      {1, 0, 1, 0, 0, 0, Line::refused, End::Input::cut_off, ExitCode::data_lost},
      {0, 0, 0, 0, 0, 1, Line::idle, End::Input::complete, ExitCode::refused},
  };
  for (const Row& row : rows) {
    End end;
    end.state.counts.waiting = row.waiting;
    end.state.counts.rejected = row.rejected;
    end.state.line = row.line;
    end.state.counts.accepted = row.waiting + row.rejected;
    end.dropped = row.dropped;
    end.too_large = row.too_large;
    end.lost = row.lost;
    end.tally.problems = row.problems;
    end.input = row.input;
    CHECK(static_cast<int>(cli::exit_code(end)) == static_cast<int>(row.code));
  }
}
