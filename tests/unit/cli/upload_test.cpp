#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "agentpipe/formats/read_all.hpp"
#include "agentpipe/model/codec.hpp"
#include "cli_scene.hpp"
#include "manual_clock.hpp"
#include "pipe.hpp"
#include "places.hpp"
#include "scripted_transport.hpp"
#include "temporary_directory.hpp"
#include "upload_room.hpp"
#include "upload_run.hpp"
#include "upload_send.hpp"
#include "upload_session.hpp"
#include "upload_when.hpp"

using namespace agentpipe;
using namespace agentpipe::cli;
using nlohmann::json;
namespace fs = std::filesystem;
using Texts = std::vector<std::string>;

namespace {

/// A transport that several workers share.
class Shared final : public delivery::Transport {
 public:
  explicit Shared(test::ScriptedTransport& server) : server_(server) {}
  delivery::Response send(const delivery::Request& request, const std::stop_token& stop) override {
    return server_.send(request, stop);
  }

 private:
  test::ScriptedTransport& server_;
};

/// A folder, a server and a world around one run of the command.
struct Bench {
  test::TemporaryDirectory folder;
  test::ScriptedTransport server;
  test::ManualClock clock;
  test::SilentSignals signals;
  config::Environment environment;
  test::Pipe input;
  std::istringstream in;
  std::ostringstream out, err;
  UploadPlan plan;
  Verbosity verbosity = Verbosity::normal;
  bool terminal = false;
  std::stop_source stop;

  Bench() {
    plan.jobs = 1;
    plan.random = [] { return 0.5; };
    plan.connect = [this] { return std::make_unique<Shared>(server); };
    server.otherwise(test::answer(201, R"({"success":true,"result":"new","messagesCreated":1})"));
  }

  void write(const std::string& name, const std::string& text) {
    const auto path = folder.path() / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }

  ExitCode run(const Texts& paths) {
    auto inputs = expand_inputs(paths, folder.path());
    REQUIRE(inputs);
    plan.inputs = std::move(*inputs);
    World world{
        in,    out,     err, {input.read_end.get(), false}, {}, {2, terminal}, environment, {}, folder.path(),
        clock, signals, {}};
    world.globals.verbosity = verbosity;
    return run_upload(plan, world, stop.get_token());
  }

  [[nodiscard]] std::vector<json> lines() const {
    std::vector<json> parsed;
    std::istringstream text(out.str());
    for (std::string line; std::getline(text, line);) parsed.push_back(json::parse(line));
    return parsed;
  }
};

std::string event(const std::string& type, const std::string& time, const std::string& data) {
  return R"({"type":")" + type + R"(","timestamp":")" + time + R"(","data":{"conversation_id":)" + data +
         "}}\n";
}

/// A session of one message.
std::string session(const std::string& id, const std::string& day = "2026-01-05") {
  return event("conversation.started", day + "T08:00:00Z",
               '"' + id + R"(","mode":"reactive","initial_prompt":"p","participants":[])") +
         event("message.created", day + "T08:00:01Z",
               '"' + id +
                   R"(","message_id":"m-1","agent_id":"claude-0","agent_type":"claude","content":"words")") +
         event("conversation.completed", day + "T08:00:02Z", '"' + id + R"(","status":"completed")");
}

Texts paths_of(const std::vector<Input>& inputs) {
  Texts paths;
  for (const auto& input : inputs) paths.push_back(input.path.string());
  return paths;
}

std::vector<model::Upload> collect(const std::string& text) {
  SessionCollector collector;
  formats::read_all(text, {}, nullptr, collector);
  return collector.take(SessionCollector::Unfinished::active);
}

}  // namespace

TEST_CASE("upload: sessions go to the upload endpoint, and the last line counts them") {
  Bench bench;
  bench.write("a.jsonl", session("a") + session("b"));
  bench.write("c.jsonl", session("c"));
  bench.server.then(test::answer(201, R"({"success":true,"result":"new","messagesCreated":1})"))
      .then(test::answer(200, R"({"success":true,"result":"unchanged","messagesCreated":0})"))
      .then(test::answer(200, R"({"success":true,"result":"grown","messagesCreated":1})"));
  CHECK(bench.run({"."}) == ExitCode::ok);
  CHECK(bench.out.str() == "3 sessions: 1 new, 1 grown, 1 unchanged; 0 failed\n");
  CHECK(bench.err.str().empty());
  const auto requests = bench.server.requests();
  REQUIRE(requests.size() == 3);
  CHECK(requests[0].path == "/api/sessions/upload?conflicts=keep");
  const auto document = model::decode_upload(requests[0].body, {});
  REQUIRE(document);
  CHECK(document->started().conversation_id == "a");
  CHECK(document->started().source_format == "agentpipe-events");
  CHECK(json::parse(document->started().client.text).at("name") == "agentpipe-bridge");
  CHECK(document->events.size() == 3);
}

TEST_CASE("upload: the same file twice is the same requests") {
  Bench first;
  Bench second;
  for (auto* bench : {&first, &second}) {
    bench->write("a.jsonl", session("a"));
    bench->run({"a.jsonl"});
  }
  CHECK(first.server.bodies() == second.server.bodies());
}

TEST_CASE("upload: messages that the server has with other words are told, and are no failure") {
  Bench bench;
  bench.write("a", session("a"));
  bench.server.then(
      test::answer(200, R"({"success":true,"result":"grown","messagesCreated":1,"conflicts":2})"));
  CHECK(bench.run({"a"}) == ExitCode::ok);
  CHECK(bench.out.str() ==
        "1 session: 0 new, 1 grown, 0 unchanged; 0 failed; 2 messages stored with other words before, and "
        "kept so\n");
}

TEST_CASE("upload --json: one line a file, in the order of the files whatever the number of workers") {
  Bench bench;
  Texts names;
  for (int i = 10; i < 40; ++i) {
    const auto name = std::to_string(i);
    bench.write(name, session("s" + name));
    names.push_back("./" + name);
  }
  bench.plan.jobs = 4;
  bench.plan.output = UploadPlan::Output::json;
  CHECK(bench.run({"."}) == ExitCode::ok);
  Texts paths;
  for (const auto& line : bench.lines()) paths.push_back(line.at("path"));
  CHECK(paths == names);
  CHECK(bench.lines()[0] ==
        json::parse(R"({"path":"./10","format":"agentpipe-events","status":"ok","sessions":[
      {"conversation_id":"s10","result":"new","messages":1,"messages_created":1,
       "started_at":"2026-01-05T08:00:00.000Z","title":"p"}],"problems":[]})"));
  CHECK(bench.err.str() == "30 sessions: 30 new, 0 grown, 0 unchanged; 0 failed\n");
}

TEST_CASE("upload: many small files are under way at a time, of large ones four, whatever their size") {
  UploadRoom room;
  for (int i = 0; i < 1000; ++i) {
    CHECK(room.fits(1 << 20U));
    room.enter(1 << 20U);
  }
  CHECK_FALSE(room.fits(k_max_sessions_bytes));
  for (int i = 0; i < 1000; ++i) room.leave(1 << 20U);
  for (int i = 0; i < 4; ++i) {
    CHECK(room.fits(100 * k_max_sessions_bytes));
    room.enter(100 * k_max_sessions_bytes);
  }
  CHECK_FALSE(room.fits(1));
  room.leave(100 * k_max_sessions_bytes);
  CHECK(room.fits(1));
}

TEST_CASE("upload --dry-run: says what would go and sends nothing") {
  Bench bench;
  bench.plan.connect = nullptr;
  bench.write("a.jsonl", session("a"));
  CHECK(bench.run({"a.jsonl"}) == ExitCode::ok);
  CHECK(bench.out.str() ==
        "a.jsonl  agentpipe-events  ok\n  would_send  2026-01-05T08:00:00.000Z  1 message  a  p\n"
        "1 session: 1 would be sent\n");
  CHECK(bench.server.requests().empty());
}

TEST_CASE("upload: a bad line is named, the rest goes in, the exit code says so") {
  Bench bench;
  bench.write("a.jsonl", session("a") + event("message.created", "2026-01-05T08:00:03Z", "7") + session("b"));
  CHECK(bench.run({"a.jsonl"}) == ExitCode::refused);
  CHECK(bench.err.str() == "a.jsonl:4: data.conversation_id must be a string\n");
  CHECK(bench.out.str() == "2 sessions: 2 new, 0 grown, 0 unchanged; 0 failed; 1 file with problems\n");
}

TEST_CASE("upload: an unknown file is a problem when it was named and passed over in a folder") {
  Bench bench;
  bench.write("notes.txt", "hello\n");
  bench.plan.output = UploadPlan::Output::json;
  CHECK(bench.run({"notes.txt"}) == ExitCode::refused);
  CHECK(bench.run({"."}) == ExitCode::ok);
  const auto lines = bench.lines();
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].at("status") == "problems");
  CHECK(lines[0].at("format") == nullptr);
  CHECK(lines[1].at("status") == "skipped");
  CHECK(lines[1].at("skipped") == "no known format");
}

TEST_CASE("upload: who reads of an unknown format is told how to name it") {
  Bench bench;
  bench.write("notes.txt", "hello\n");
  CHECK(bench.run({"notes.txt"}) == ExitCode::refused);
  CHECK(bench.err.str().starts_with(
      "notes.txt: no known format; name it with --format (agentpipe-events, agentpipe-chatlog, "));
}

TEST_CASE("upload: a file that is not there does not keep the others back") {
  Bench bench;
  bench.write("a", session("a"));
  CHECK(bench.run({"gone", "a"}) == ExitCode::refused);
  CHECK(bench.err.str() == "gone: No such file or directory\n");
  CHECK(bench.out.str() == "1 session: 1 new, 0 grown, 0 unchanged; 0 failed; 1 file with problems\n");
}

TEST_CASE("upload: what the server refuses is failed, what comes after it goes in") {
  Bench bench;
  bench.write("a", session("a"));
  bench.write("b", session("b"));
  bench.write("c", session("c"));
  bench.server
      .then(test::answer(409,
                         R"({"error":"conflict","code":"conflict","message":"message m-1 has other words"})"))
      .then(test::answer(400, R"({"error":"Invalid","code":"invalid","message":"mode is required"})"));
  CHECK(bench.run({"a", "b", "c"}) == ExitCode::refused);
  CHECK(bench.err.str() ==
        "a: session a: conflict: message m-1 has other words\nb: session b: refused: mode is required\n");
  CHECK(bench.out.str() == "3 sessions: 1 new, 0 grown, 0 unchanged; 2 failed\n");
}

TEST_CASE("upload: a refused key ends it at once") {
  Bench bench;
  bench.write("a", session("a"));
  bench.write("b", session("b"));
  bench.server.otherwise(test::answer(401, R"({"error":"Unauthorized","details":"Invalid API key"})"));
  CHECK(bench.run({"a", "b"}) == ExitCode::key_refused);
  CHECK(bench.server.requests().size() == 1);
  CHECK(bench.err.str() == "a: session a: key_refused: the server answered 401 (Invalid API key)\n");
  CHECK(bench.out.str() == "1 session: 0 new, 0 grown, 0 unchanged; 1 failed; 1 file not sent\n");
}

TEST_CASE("upload: an outage is waited for as often as the settings say, then it is unreachable") {
  Bench bench;
  bench.write("a", session("a"));
  bench.plan.policy.retry_attempts = 2;
  bench.server.otherwise(test::network_fault(delivery::NetworkFault::connect));
  CHECK(bench.run({"a"}) == ExitCode::unreachable);
  CHECK(bench.server.requests().size() == 3);
  CHECK(bench.clock.slept ==
        std::vector<base::Milliseconds>{base::Milliseconds(250), base::Milliseconds(500)});
}

TEST_CASE("upload: a busy server is given the time it asks for") {
  Bench bench;
  bench.write("a", session("a"));
  bench.server.then(test::answer_with_retry_after(429, "7"));
  CHECK(bench.run({"a"}) == ExitCode::ok);
  CHECK(bench.clock.slept == std::vector<base::Milliseconds>{base::Milliseconds(7350)});
}

TEST_CASE("upload: a server that asks for a long pause is not waited for, and the user is told") {
  for (const bool has_upload : {true, false}) {
    CAPTURE(has_upload);
    Bench bench;
    bench.write("a", session("a"));
    if (!has_upload) bench.server.then(test::answer(404, "<html>"));
    bench.server.otherwise(test::answer_with_retry_after(429, "1200"));
    CHECK(bench.run({"a"}) == ExitCode::unreachable);
    CHECK(bench.clock.slept.empty());
    CHECK(bench.err.str() ==
          "a: session a: unreachable: the server answered 429; it asks to wait 20 min, run the same command "
          "again then\n");
  }
}

TEST_CASE("upload: what is waited for longer than a moment is said") {
  for (const bool has_upload : {true, false}) {
    CAPTURE(has_upload);
    test::ScriptedTransport server;
    if (!has_upload) server.then(test::answer(404, "<html>"));
    server.then(test::answer_with_retry_after(429, "2")).then(test::answer_with_retry_after(503, "20"));
    test::ManualClock clock;
    std::atomic<bool> plain_server = false;
    Texts told;
    SessionSender sender(
        server, clock, [] { return 0.0; }, {}, plain_server,
        [&told](std::string why) { told.push_back(std::move(why)); });
    sender.send(collect(session("a")).front(), {});
    CHECK(told == Texts{"waiting 20 s: the server answered 503"});
  }
}

TEST_CASE("upload: a server without the endpoint gets the events one by one, and is asked only once") {
  Bench bench;
  bench.write("a", session("a"));
  bench.write("b", session("b"));
  bench.server.then(test::answer(404, "<html>")).otherwise(test::answer(201, R"({"message_id":"x"})"));
  CHECK(bench.run({"a", "b"}) == ExitCode::ok);
  Texts paths;
  for (const auto& request : bench.server.requests()) {
    if (request.method == "POST") paths.push_back(request.path);
  }
  CHECK(paths == Texts{"/api/sessions/upload?conflicts=keep", "/api/ingest", "/api/ingest", "/api/ingest",
                       "/api/ingest", "/api/ingest", "/api/ingest"});
  CHECK(bench.out.str() == "2 sessions: 2 new, 0 grown, 0 unchanged; 0 failed\n");
}

TEST_CASE("upload: a server without the endpoint is not sent what it has") {
  Bench bench;
  bench.write("a", session("a"));
  bench.server.then(test::answer(404))
      .get("/api/conversations/a",
           test::answer(200, R"({"id":"a","status":"COMPLETED","messages":[{"id":"a:m-1"}]})"));
  CHECK(bench.run({"a"}) == ExitCode::ok);
  CHECK(bench.server.bodies().size() == 1);
  CHECK(bench.out.str() == "1 session: 0 new, 0 grown, 1 unchanged; 0 failed\n");
}

TEST_CASE("upload: a server without the endpoint that missed the end, or has other messages, gets the rest") {
  for (const char* stored : {R"({"id":"a","status":"ACTIVE","messages":[{"id":"a:m-1"}]})",
                             R"({"id":"a","status":"COMPLETED","messages":[{"id":"other"}]})"}) {
    Bench bench;
    bench.write("a", session("a"));
    bench.server.then(test::answer(404)).get("/api/conversations/a", test::answer(200, stored));
    CHECK(bench.run({"a"}) == ExitCode::ok);
    CHECK(json::parse(bench.server.bodies().back())["type"] == "conversation.completed");
    CHECK(bench.out.str() == "1 session: 0 new, 1 grown, 0 unchanged; 0 failed\n");
  }
}

TEST_CASE("upload: an address that is no server of ours is a matter of configuration") {
  Bench bench;
  bench.write("a", session("a"));
  bench.server.otherwise(test::answer(404, "<html>"));
  CHECK(bench.run({"a"}) == ExitCode::configuration);
}

TEST_CASE("upload: dates and sources choose sessions") {
  Bench bench;
  bench.plan.output = UploadPlan::Output::json;
  bench.write("a",
              session("old", "2025-12-31") + session("in", "2026-01-02") + session("late", "2026-01-04"));
  bench.plan.choice.since = base::parse_rfc3339("2026-01-01T00:00:00Z");
  bench.plan.choice.until = base::parse_rfc3339("2026-01-03T00:00:00Z");
  bench.run({"a"});
  bench.plan.choice.sources = {"agentpipe"};
  bench.run({"a"});
  bench.plan.choice.sources = {"session-upload"};
  bench.run({"a"});
  const auto lines = bench.lines();
  REQUIRE(lines.size() == 3);
  for (const auto index : {0U, 1U}) {
    REQUIRE(lines[index].at("sessions").size() == 1);
    CHECK(lines[index].at("sessions")[0].at("conversation_id") == "in");
  }
  CHECK(lines[2].at("status") == "skipped");
}

TEST_CASE("upload: points in time are written in three ways") {
  const auto now = *base::parse_rfc3339("2026-01-31T12:00:00Z");
  const auto when = [&](std::string_view text, DayEdge edge) {
    return parse_when(text, "--since", edge, now);
  };
  CHECK(**when("30d", DayEdge::begin) == *base::parse_rfc3339("2026-01-01T12:00:00Z"));
  CHECK(**when("2026-01-02", DayEdge::begin) == *base::parse_local("2026-01-02 00:00:00"));
  CHECK(**when("2026-01-02", DayEdge::end) == *base::parse_local("2026-01-03 00:00:00"));
  CHECK(**when("2026-01-02T08:00:00Z", DayEdge::end) == *base::parse_rfc3339("2026-01-02T08:00:00Z"));
  CHECK_FALSE(*when("", DayEdge::begin));
  CHECK(when("soon", DayEdge::begin).error().message ==
        "--since: 'soon' is no time; write 30d, 12h, 2026-11-01 or 2026-11-01T08:00:00Z");
}

TEST_CASE("upload -: standard input is one input, and its end is the end of its sessions") {
  Bench bench;
  const auto whole = session("a");
  bench.input.write(whole.substr(0, whole.rfind("{\"type\"")));
  bench.input.close();
  bench.plan.choice.name = "Piped";
  CHECK(bench.run({"-"}) == ExitCode::ok);
  const auto document = model::decode_upload(bench.server.bodies().at(0), {});
  REQUIRE(document);
  CHECK(document->started().name == "Piped");
  CHECK(std::get<model::ConversationCompleted>(document->events.back().body).status ==
        model::Status::interrupted);
}

TEST_CASE("upload: a fresh file without an end is a session that goes on") {
  Bench bench;
  const auto whole = session("a");
  bench.write("a", whole.substr(0, whole.rfind("{\"type\"")));
  const auto state_of = [&] {
    bench.run({"a"});
    const auto document = model::decode_upload(bench.server.bodies().back(), {});
    return std::holds_alternative<model::ConversationCompleted>(document->events.back().body);
  };
  const auto written = std::chrono::time_point_cast<base::Milliseconds>(std::chrono::system_clock::now());
  bench.clock = test::ManualClock(written);
  CHECK_FALSE(state_of());
  bench.clock = test::ManualClock(written + std::chrono::hours(2));
  CHECK(state_of());
}

TEST_CASE("upload: a stop leaves the rest unsent") {
  Bench bench;
  bench.write("a", session("a"));
  bench.write("b", session("b"));
  bench.server.then([&](const test::SentRequest&) {
    bench.stop.request_stop();
    return test::network_fault(delivery::NetworkFault::broken, "stopped");
  });
  CHECK(bench.run({"a", "b"}) == ExitCode::interrupted);
  CHECK(bench.server.requests().size() == 1);
}

TEST_CASE("upload: a bar on a terminal, quiet in a pipe and with --quiet") {
  Bench bench;
  bench.write("a", session("a"));
  bench.terminal = true;
  bench.run({"a"});
  CHECK(bench.err.str() == "\r\x1B[K[..............................] 0/1 files, 0 sessions\r\x1B[K");
  Bench quiet;
  quiet.write("a", session("a"));
  quiet.terminal = true;
  quiet.verbosity = Verbosity::quiet;
  quiet.run({"a"});
  CHECK(quiet.err.str().empty());
  CHECK(quiet.out.str().empty());
}

TEST_CASE("upload: names of files cannot paint on the terminal") {
  Bench bench;
  bench.write("a\x1B[31m", "x");
  CHECK(bench.run({"a\x1B[31m"}) == ExitCode::refused);
  CHECK(bench.err.str().find('\x1B') == std::string::npos);
}

TEST_CASE("inputs: folders are walked, hidden files too, links and special files are named") {
  Bench bench;
  for (const auto* name : {"b/2.json", "b/.hidden/1.json", "a.json"}) bench.write(name, "x");
  fs::create_symlink("a.json", bench.folder.path() / "link.json");
  fs::create_directory_symlink("/", bench.folder.path() / "root");
  REQUIRE(::mkfifo((bench.folder.path() / "pipe").c_str(), 0600) == 0);
  const auto inputs = expand_inputs({"b", ".", "a.json", "link.json"}, bench.folder.path());
  REQUIRE(inputs);
  CHECK(paths_of(*inputs) ==
        Texts{"b/.hidden/1.json", "b/2.json", "./a.json", "./link.json", "./pipe", "./root"});
  CHECK((*inputs)[3].obstacle == "a symbolic link; name the file it points to");
  CHECK((*inputs)[4].obstacle == "not a regular file");
  CHECK_FALSE(open_input(bench.folder.path() / "link.json"));
  CHECK(open_input(bench.folder.path() / "pipe").error().message == "not a regular file");
}

TEST_CASE("inputs: patterns that the shell left alone are matched") {
  Bench bench;
  for (const auto* name : {"a.json", "b.txt", "x/c.json", "x/y/d.json", "x[1].json"}) bench.write(name, "x");
  const auto expand = [&](const std::string& pattern) {
    const auto inputs = expand_inputs({pattern}, bench.folder.path());
    REQUIRE(inputs);
    if (inputs->size() == 1 && !inputs->front().obstacle.empty()) return Texts{inputs->front().obstacle};
    return paths_of(*inputs);
  };
  CHECK(expand("*.json") == Texts{"a.json", "x[1].json"});
  CHECK(expand("x/*.json") == Texts{"x/c.json"});
  CHECK(expand("x/**/*.json") == Texts{"x/c.json", "x/y/d.json"});
  CHECK(expand("x[1].json") == Texts{"x[1].json"});
  CHECK(expand("[ab].*") == Texts{"a.json", "b.txt"});
  CHECK(expand((bench.folder.path() / "x/*/d.json").string()) ==
        Texts{(bench.folder.path() / "x/y/d.json").string()});
  CHECK(expand("*.md") == Texts{"no file matches"});
  CHECK(expand("gone") == Texts{"No such file or directory"});
}

TEST_CASE("sessions: a conversation that was continued and ended twice is one session") {
  const auto uploads = collect(
      session("a") +
      event("conversation.completed", "2026-01-05T09:00:00Z",
            R"("a","status":"interrupted","total_messages":4)") +
      event(
          "conversation.started", "2026-01-05T08:30:00Z",
          R"("a","mode":"free-form","initial_prompt":"","participants":[{"agent_id":"g-1","agent_type":"g"}])"));
  REQUIRE(uploads.size() == 1);
  CHECK(uploads[0].started().mode == "reactive");
  CHECK(uploads[0].started().participants.size() == 1);
  const auto completed = std::get<model::ConversationCompleted>(uploads[0].events.back().body);
  CHECK(completed.status == model::Status::interrupted);
  CHECK(completed.total_messages == 4);
}

TEST_CASE("sessions: a stream that was joined late gets a beginning") {
  const auto whole = session("a");
  const auto uploads = collect(whole.substr(whole.find('\n') + 1));
  REQUIRE(uploads.size() == 1);
  CHECK(uploads[0].events.front().at == *base::parse_rfc3339("2026-01-05T08:00:01Z"));
  REQUIRE(uploads[0].started().participants.size() == 1);
  CHECK(uploads[0].started().participants[0].agent_id == "claude-0");
  CHECK(model::decode_upload(model::encode_upload(uploads[0]), {}));
}

TEST_CASE("sessions: every captured file becomes documents that the server's decoder takes") {
  const auto files = test::shared_fixtures() / "agentpipe-go/files";
  if (!fs::exists(files)) {
    MESSAGE("the captured files do not lie beside the checkout");
    return;
  }
  Bench bench;
  bench.plan.output = UploadPlan::Output::json;
  CHECK(bench.run({files.string()}) == ExitCode::ok);
  std::map<std::string, std::size_t> statuses;
  for (const auto& line : bench.lines()) ++statuses[line.at("status")];
  CHECK(statuses == std::map<std::string, std::size_t>{{"ok", 7}, {"skipped", 5}});
  for (const auto& body : bench.server.bodies()) {
    CHECK(model::decode_upload(body, {}));
    CHECK(body.find("sk_made_up") == std::string::npos);
  }
}

TEST_CASE("upload -: a stop does not wait for standard input") {
  Bench bench;
  bench.input.write(session("a").substr(0, 50));  // and nothing more, nor an end
  const std::jthread user([&bench] { bench.stop.request_stop(); });
  CHECK(bench.run({"-"}) == ExitCode::interrupted);
  CHECK(bench.out.str() == "0 sessions: 0 new, 0 grown, 0 unchanged; 0 failed; 1 file not sent\n");
  CHECK(bench.err.str().empty());
}
