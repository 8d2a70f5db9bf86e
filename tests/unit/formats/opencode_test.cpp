#include <doctest/doctest.h>

#include <algorithm>

#include "agent_reading.hpp"
#include "sqlite_file.hpp"
#include "sqlite_scene.hpp"

using namespace agentpipe;
using test::lines_of;
using test::look_at;
using Lines = std::vector<std::string>;

namespace {

constexpr const char* k_opencode_schema = R"(
CREATE TABLE project (id TEXT PRIMARY KEY, worktree TEXT NOT NULL);
CREATE TABLE session (id TEXT PRIMARY KEY, project_id TEXT NOT NULL, parent_id TEXT, slug TEXT NOT NULL DEFAULT '',
  directory TEXT NOT NULL, title TEXT NOT NULL, version TEXT NOT NULL DEFAULT '1', time_created INTEGER NOT NULL,
  time_updated INTEGER NOT NULL, time_archived INTEGER);
CREATE TABLE message (id TEXT PRIMARY KEY, session_id TEXT NOT NULL, time_created INTEGER NOT NULL,
  time_updated INTEGER NOT NULL, data TEXT NOT NULL);
CREATE INDEX message_session_time_created_id_idx ON message (session_id, time_created, id);
CREATE TABLE part (id TEXT PRIMARY KEY, message_id TEXT NOT NULL, session_id TEXT NOT NULL, time_created INTEGER NOT NULL,
  time_updated INTEGER NOT NULL, data TEXT NOT NULL);
CREATE INDEX part_message_id_id_idx ON part (message_id, id);
CREATE INDEX part_session_idx ON part (session_id);
CREATE TABLE todo (session_id TEXT, content TEXT);
)";

std::int64_t unix_milliseconds(int seconds) {
  return test::k_arrived.time_since_epoch().count() + 1000 * static_cast<std::int64_t>(seconds);
}

std::string quoted(const std::string& text) {
  return "'" + text + "'";
}

/// OpenCode, as it writes.
class OpenCode : public test::Writer {
 public:
  explicit OpenCode(const std::filesystem::path& path, const std::string& journal = "wal")
      : test::Writer(path, journal) {
    run(k_opencode_schema);
  }
  void session(const std::string& id, int second, const std::string& parent = "NULL") {
    run("INSERT INTO session (id, project_id, parent_id, directory, title, time_created, time_updated) "
        "VALUES (" +
        quoted(id) + ",'p'," + parent + ",'/work/rivers','Rivers " + id + "'," +
        std::to_string(unix_milliseconds(second)) + "," + std::to_string(unix_milliseconds(second)) + ")");
  }
  void message(const std::string& session, const std::string& id, int second, const std::string& data) {
    run("INSERT INTO message VALUES (" + quoted(id) + "," + quoted(session) + "," +
        std::to_string(unix_milliseconds(second)) + "," + std::to_string(unix_milliseconds(second)) + "," +
        quoted(data) + ")");
  }
  void part(const std::string& session, const std::string& message, const std::string& id, int second,
            const std::string& data) {
    run("INSERT INTO part VALUES (" + quoted(id) + "," + quoted(message) + "," + quoted(session) + "," +
        std::to_string(unix_milliseconds(second)) + "," + std::to_string(unix_milliseconds(second)) + "," +
        quoted(data) + ")");
  }
  void ask(const std::string& session, const std::string& id, int second, const std::string& text) {
    message(session, id, second,
            R"({"role":"user","time":{"created":)" + std::to_string(unix_milliseconds(second)) + "}}");
    part(session, id, "prt_" + id, second, R"({"type":"text","text":")" + text + R"("})");
  }
  static std::string answer(int second, bool complete) {
    return R"({"role":"assistant","modelID":"gpt-5","cost":0.5,"tokens":{"input":7,"output":3,"reasoning":0,)"
           R"("cache":{"read":2,"write":1}},"time":{"created":)" +
           std::to_string(unix_milliseconds(second)) +
           (complete ? R"(,"completed":)" + std::to_string(unix_milliseconds(second + 1)) : "") + "}}";
  }
  void reply(const std::string& session, const std::string& id, int second, const std::string& text,
             bool complete = true) {
    message(session, id, second, answer(second, complete));
    part(session, id, "prt_" + id, second, R"({"type":"text","text":")" + text + R"("})");
  }
  void complete(const std::string& id, int second) {
    run("UPDATE message SET time_updated=" + std::to_string(unix_milliseconds(second + 1)) +
        ", data=" + quoted(answer(second, true)) + " WHERE id=" + quoted(id));
  }
};

Lines said(const test::RecordingSink& sink) {
  Lines lines;
  for (const auto& message : sink.all<model::MessageCreated>())
    lines.push_back(message.message_id + ": " + message.content);
  return lines;
}

}  // namespace

TEST_CASE("opencode export: every kind of part, hidden text, unknown kinds, errors") {
  const auto reading = test::read_file("opencode/export.json");
  CHECK(reading.format == "opencode-export");
  CHECK(reading.sink.problems == Lines{});
  CHECK(lines_of(reading) == Lines{"msg_1 user user: Name a river",
                                   "msg_2 assistant opencode: **bash** `{\"command\":\"ls\"}`",
                                   "msg_3 assistant opencode: *the conversation so far was summed up*",
                                   "msg_4 assistant opencode: The Rh"});
  const auto messages = test::by_id(reading);
  CHECK(messages.at("msg_1").content ==
        "Name a river\n\n*image, image/png, 6 B*\n\n*list.txt*\n\n*@plan*\n\n*explore: look around*");
  CHECK(messages.at("msg_2").content ==
        "**bash** `{\"command\":\"ls\"}`\n\n```\nlist.txt\n```\n\n**read** "
        "`{\"path\":\"none\"}`\n\n**Failed**\n\n"
        "```\nno such file\n```\n\n**edit**\n\n*tried again: overloaded*\n\nDanube");
  CHECK(messages.at("msg_2").duration_ms == 3500);
  CHECK(messages.at("msg_2").parent_message_id == "msg_1");
  CHECK(messages.at("msg_4").content == "The Rh\n\n*stopped by the user*");
  const auto started = reading.sink.all<model::ConversationStarted>().at(0);
  CHECK(started.conversation_id == "opencode:ses_1");
  CHECK(started.parent_conversation_id == "opencode:ses_0");
  CHECK(started.cwd == "/work/rivers");
  CHECK(reading.sink.all<model::ConversationUpdated>().at(0).name == "Rivers of Europe");
  CHECK(reading.sink.all<model::ConversationError>().at(0).error_message == "no credit");
  CHECK(reading.sink.all<model::LogEntry>().at(0).metadata.text ==
        R"({"record_type":"hologram","record":{"id":"prt_8","type":"hologram","beam":7}})");
  CHECK(reading.sink.skipped_lines(formats::Skip::unknown).size() == 1);
  CHECK(reading.sink.skipped_lines(formats::Skip::internal).size() == 4);
  CHECK(reading.sink.types().back() == "conversation.completed");
}

TEST_CASE("opencode: classes of tokens do not overlap; a cost of 0 is looked up, or unknown") {
  const auto messages = test::by_id(test::read_file("opencode/export.json"));
  const auto& reported = messages.at("msg_2");
  CHECK(reported.input_tokens == 10);
  CHECK(reported.output_tokens == 20);
  CHECK(reported.cache_read_tokens == 1000);
  CHECK(reported.cache_write_tokens == 100);
  CHECK(reported.tokens_used == 1130);
  CHECK(reported.cost == 0.25);
  CHECK(reported.cost_kind == "reported");
  const auto& estimated = messages.at("msg_3");  // its total says that reasoning is beside output
  CHECK(estimated.output_tokens == 50);
  CHECK(estimated.reasoning_tokens == 30);
  CHECK(estimated.tokens_used == 150);
  CHECK(estimated.cost == doctest::Approx((100 * 3 + 50 * 15) / 1e6));
  CHECK(estimated.cost_kind == "estimated");
  CHECK(messages.at("msg_4").output_tokens == 20);
  CHECK(!messages.at("msg_4").cost);
}

TEST_CASE("opencode: a database holds many sessions; they come whole, one after the other") {
  const test::TemporaryDirectory folder;
  const auto path = folder.path() / "opencode.db";
  OpenCode tool(path);
  tool.session("ses_2", 100, "'ses_1'");
  tool.session("ses_1", 0);
  tool.ask("ses_1", "msg_1", 1, "Name a river");
  tool.ask("ses_2", "msg_3", 101, "Name a lake");
  tool.reply("ses_1", "msg_2", 2, "Danube");
  tool.session("ses_3", 200);  // nobody has said anything
  const auto reading = test::read_database(path);
  CHECK(reading.format == "opencode");
  CHECK(reading.sink.problems == Lines{});
  CHECK(lines_of(reading) == Lines{"msg_1 user user: Name a river", "msg_2 assistant opencode: Danube",
                                   "msg_3 user user: Name a lake"});
  const auto started = reading.sink.all<model::ConversationStarted>();
  REQUIRE(started.size() == 2);
  CHECK(started[1].parent_conversation_id == "opencode:ses_1");
  CHECK(test::sum(reading) == formats::Usage{.input = 7, .cache_read = 2, .cache_write = 1, .output = 3});
}

TEST_CASE("opencode: what is still in the write-ahead log is read, and no file is made or changed") {
  const test::TemporaryDirectory folder;
  const auto path = folder.path() / "opencode.db";
  {
    OpenCode tool(path);
    tool.session("ses_1", 0);
    tool.ask("ses_1", "msg_1", 1, "in the log");
    const auto before = test::names_in(folder.path());
    CHECK(before.contains("opencode.db-wal"));
    CHECK(lines_of(test::read_database(path)).size() == 1);
    CHECK(test::names_in(folder.path()) == before);
    tool.ask("ses_1", "msg_2", 2, "still writing");  // nobody is in its way
    tool.leave_everything();
    std::filesystem::remove(path.native() + "-shm");  // a copy without it
    const auto copied = test::names_in(folder.path());
    CHECK(lines_of(test::read_database(path)).size() == 2);
    CHECK(test::names_in(folder.path()) == copied);
  }
  {
    OpenCode tidy(folder.path() / "opencode-beta.db");
    tidy.session("ses_1", 0);
    tidy.ask("ses_1", "msg_1", 1, "all in the file");
  }
  const auto before = test::names_in(folder.path());
  CHECK(!before.contains("opencode-beta.db-wal"));
  CHECK(lines_of(test::read_database(folder.path() / "opencode-beta.db")).size() == 1);
  CHECK(test::names_in(folder.path()) == before);
}

TEST_CASE("how a database is opened depends on who may have it open") {
  using enum formats::SqliteAccess;
  CHECK(formats::sqlite_access(false, false, false) == shared);
  CHECK(formats::sqlite_access(true, true, true) == shared);
  CHECK(formats::sqlite_access(true, true, false) == log_alone);
  CHECK(formats::sqlite_access(true, false, false) == resting);
}

TEST_CASE(
    "opencode: of a database that grows, what can still change is held back, and only changes are read") {
  const test::TemporaryDirectory folder;
  const auto path = folder.path() / "opencode.db";
  OpenCode tool(path);
  tool.session("ses_1", 0);
  tool.ask("ses_1", "msg_1", 1, "Name a river");
  tool.session("ses_0", -9000);
  tool.ask("ses_0", "msg_0", -9000, "long ago");
  const auto first = look_at("opencode", path, {});
  CHECK(said(first.sink) == Lines{"msg_0: long ago"});  // parts of the question may still come
  tool.reply("ses_1", "msg_2", 2, "Dan", false);
  const auto second = look_at("opencode", path, first.context);
  CHECK(said(second.sink) == Lines{"msg_1: Name a river"});
  tool.ask("ses_1", "msg_3", 3, "And a lake?");
  tool.complete("msg_2", 4);
  const auto third = look_at("opencode", path, second.context);
  CHECK(said(third.sink) == Lines{"msg_1: Name a river", "msg_2: Dan"});
  CHECK(third.sink.all<model::ConversationCompleted>().empty());
  tool.reply("ses_1", "msg_4", 6, "Garda");
  CHECK(said(look_at("opencode", path, third.context).sink).back() == "msg_4: Garda");
  CHECK(said(look_at("opencode", path, {}, base::Timestamp(base::Milliseconds(unix_milliseconds(0)))).sink)
            .front() == "msg_1: Name a river");
}

TEST_CASE("opencode: a change of a part alone is a change of the session") {
  const test::TemporaryDirectory folder;
  const auto path = folder.path() / "opencode.db";
  OpenCode tool(path);
  tool.session("ses_1", 0);
  tool.ask("ses_1", "msg_1", 1, "Name a river");
  tool.reply("ses_1", "msg_2", 2, "Danube");
  const auto first = look_at("opencode", path, {});
  CHECK(first.context == std::to_string(unix_milliseconds(2)) + " 2 2 []");
  tool.part("ses_1", "msg_2", "prt_z", 50, R"({"type":"text","text":"or Rhine"})");
  CHECK(said(look_at("opencode", path, std::to_string(unix_milliseconds(40))).sink).back() ==
        "msg_2: Danube\n\nor Rhine");
  CHECK(said(look_at("opencode", path, std::to_string(unix_milliseconds(51))).sink) == Lines{});
}

TEST_CASE("opencode: a time that cannot be hides no later change") {
  const test::TemporaryDirectory folder;
  const auto path = folder.path() / "opencode.db";
  OpenCode tool(path);
  tool.session("ses_1", 0);
  tool.ask("ses_1", "msg_1", 1, "Name a river");
  tool.reply("ses_1", "msg_2", 2, "Danube");
  tool.session("ses_2", 3);
  tool.ask("ses_2", "msg_3", 4, "Name a lake");
  tool.run("UPDATE session SET time_updated = 9223372036854775807 WHERE id = 'ses_2'");
  const auto first = look_at("opencode", path, {});
  CHECK(said(first.sink) == Lines{"msg_1: Name a river", "msg_2: Danube", "msg_3: Name a lake"});
  tool.ask("ses_1", "msg_4", 5, "Another");
  tool.reply("ses_1", "msg_5", 6, "Rhine");
  const auto second = said(look_at("opencode", path, first.context).sink);
  CHECK(std::ranges::count(second, "msg_5: Rhine") == 1);
}

TEST_CASE("opencode: what was written while the clock ran ahead hides nothing, and ends nothing") {
  const test::TemporaryDirectory folder;
  const auto path = folder.path() / "opencode.db";
  constexpr int k_ahead = 86'400;
  OpenCode tool(path);
  const auto look = [&](int second, const std::string& context) {
    const auto at = std::chrono::file_clock::from_sys(test::k_arrived + std::chrono::seconds(second));
    for (const auto* suffix : {"", "-wal"}) std::filesystem::last_write_time(path.string() + suffix, at);
    return look_at("opencode", path, context);
  };
  tool.session("ses_1", k_ahead);
  tool.ask("ses_1", "msg_1", k_ahead, "Name a river");
  tool.reply("ses_1", "msg_2", k_ahead, "Danube");
  const auto first = look(k_ahead, {});
  CHECK(said(first.sink) == Lines{"msg_1: Name a river", "msg_2: Danube"});
  tool.session("ses_2", 3);  // the clock was set right
  tool.ask("ses_2", "msg_3", 4, "Name a lake");
  tool.reply("ses_2", "msg_4", 5, "Gar", false);
  const auto second = look(5, first.context);
  CHECK(said(second.sink) == Lines{"msg_3: Name a lake", "msg_1: Name a river", "msg_2: Danube"});
  tool.complete("msg_4", 5);
  CHECK(said(look(6, second.context).sink)[1] == "msg_4: Gar");
}

TEST_CASE("opencode: new rows tell which sessions have changed, unless they were numbered anew") {
  const test::TemporaryDirectory folder;
  const auto path = folder.path() / "opencode.db";
  OpenCode tool(path);
  tool.session("ses_1", 0);
  tool.ask("ses_1", "msg_1", 1, "Name a river");
  tool.reply("ses_1", "msg_2", 2, "Dan", false);
  const auto first = look_at("opencode", path, {});
  CHECK(first.context == std::to_string(unix_milliseconds(2)) + R"( 2 2 ["ses_1"])");
  tool.complete("msg_2", 2);  // no new row, and the session's own row does not tell
  const auto second = look_at("opencode", path, first.context);
  CHECK(said(second.sink).back() == "msg_2: Dan");
  tool.ask("ses_1", "msg_3", 5, "And a lake?");
  tool.reply("ses_1", "msg_4", 6, "Garda");
  const auto third = look_at("opencode", path, second.context);
  CHECK(said(third.sink).back() == "msg_4: Garda");
  CHECK(third.context == std::to_string(unix_milliseconds(6)) + " 4 4 []");
  tool.run("DELETE FROM part; DELETE FROM message WHERE id < 'msg_4'; VACUUM");
  tool.ask("ses_1", "msg_5", 8, "Bye");
  tool.reply("ses_1", "msg_6", 9, "Bye");
  CHECK(said(look_at("opencode", path, third.context).sink).back() == "msg_6: Bye");
}

TEST_CASE("opencode: a fork, and one of that, tell what is new in them, unless the original was deleted") {
  const test::TemporaryDirectory folder;
  const auto path = folder.path() / "opencode.db";
  OpenCode tool(path);
  const auto begin = [&](const std::string& session, int second, const std::string& question,
                         const std::string& answer) {
    tool.session(session, second);
    tool.ask(session, question, 1, "Name a river");
    tool.reply(session, answer, 2, "Danube");
  };
  begin("ses_1", 0, "msg_1", "msg_2");
  begin("ses_2", 10, "msg_3", "msg_4");
  tool.ask("ses_2", "msg_5", 11, "And a lake");
  begin("ses_3", 20, "msg_6", "msg_7");
  tool.ask("ses_3", "msg_8", 11, "And a lake");
  tool.ask("ses_3", "msg_9", 21, "And a sea");
  const auto reading = test::read_database(path);
  CHECK(reading.sink.problems == Lines{});
  CHECK(said(reading.sink) ==
        Lines{"msg_1: Name a river", "msg_2: Danube", "msg_5: And a lake", "msg_9: And a sea"});
  const auto started = reading.sink.all<model::ConversationStarted>();
  REQUIRE(started.size() == 3);
  CHECK(started.at(1).parent_conversation_id == "opencode:ses_1");
  CHECK(started.at(2).parent_conversation_id == "opencode:ses_2");
  tool.run("DELETE FROM session WHERE id <> 'ses_2'; DELETE FROM message WHERE session_id <> 'ses_2';");
  CHECK(said(test::read_database(path).sink) ==
        Lines{"msg_3: Name a river", "msg_4: Danube", "msg_5: And a lake"});
}

TEST_CASE("opencode: another schema is no trouble, nor is none yet; a part of one is") {
  const test::TemporaryDirectory folder;
  test::Writer(folder.path() / "opencode.db").run(R"(
CREATE TABLE session (id TEXT PRIMARY KEY, news BLOB);
CREATE TABLE message (id TEXT PRIMARY KEY, session_id TEXT, data TEXT);
CREATE TABLE part (message_id TEXT, data TEXT);
CREATE TABLE hologram (beam INTEGER);
INSERT INTO session VALUES ('s', NULL);
INSERT INTO message VALUES ('m-1', 's', '{"role":"user"}'), ('m-2', 's', 'broken'), ('m-3', 's', '{"role":"user"}');
INSERT INTO part VALUES ('m-1', '{"type":"text","text":"hello"}'), ('m-3', '[broken'), ('m-3', '{"type":"text","text":"bye"}');)");
  const auto bare = test::read_database(folder.path() / "opencode.db");
  CHECK(lines_of(bare) == Lines{"m-1 user user: hello", "m-3 user user: bye"});
  CHECK(bare.sink.problems == Lines{"0: message m-2 is not JSON; it was left out",
                                    "0: a part of message m-3 is not JSON; it was left out"});

  test::Writer(folder.path() / "opencode-x.db")
      .run("CREATE TABLE session (id TEXT); CREATE TABLE message (id TEXT);");
  CHECK(test::read_database(folder.path() / "opencode-x.db").sink.problems ==
        Lines{"0: the database has no column 'message.session_id': it is another program's, or of a version "
              "that is "
              "not known"});
  test::Writer(folder.path() / "opencode-new.db").run("CREATE TABLE a (id TEXT); DROP TABLE a;");
  const auto blank = test::read_database(folder.path() / "opencode-new.db");
  CHECK(blank.format == "opencode");
  CHECK(blank.sink.problems == Lines{});
  CHECK(blank.sink.events.empty());

  test::Writer(folder.path() / "other.db")
      .run("CREATE TABLE a (id TEXT); CREATE VIEW part AS SELECT * FROM a;");
  CHECK(test::read_database(folder.path() / "other.db").format.empty());
}

TEST_CASE("opencode: older versions keep a file for every session, message and part") {
  const auto reading = test::read_file("opencode/storage/session/p/ses_9.json");
  CHECK(reading.format == "opencode-json");
  CHECK(reading.sink.problems == Lines{"0: msg_3.json cannot be read; it was left out"});
  CHECK(lines_of(reading) == Lines{"msg_1 user user: Name a river", "msg_2 assistant opencode: Danube"});
  CHECK(test::by_id(reading).at("msg_2").content == "Danube\n\nor Rhine");
  CHECK(reading.sink.all<model::ConversationStarted>().at(0).conversation_id == "opencode:ses_9");
  CHECK(test::sum(reading) == formats::Usage{.input = 1, .output = 2});
}

TEST_CASE("opencode: an id that would lead out of its folder leads nowhere") {
  const test::TemporaryDirectory folder;
  const auto path = folder.path() / "ses_1.json";
  std::ofstream(path) << R"({"id":"../../etc","time":{"created":1}})";
  CHECK(test::read_database(path).sink.problems == Lines{"0: the session has no id"});
}

TEST_CASE("opencode: a broken database is one problem, and so is one that comes through a pipe") {
  const test::TemporaryDirectory folder;
  const auto path = folder.path() / "opencode.db";
  {
    OpenCode tool(path, "delete");
    tool.session("ses_1", 0);
    tool.ask("ses_1", "msg_1", 1, "Name a river");
  }
  auto bytes = test::file_text(path);
  CHECK(test::read(bytes, "opencode").sink.problems ==
        Lines{"0: a database is read where it lies; name the file instead of piping it"});
  CHECK(lines_of(test::read_database(path)).size() == 1);
  for (std::size_t i = 100; i < bytes.size(); ++i) bytes[i] = 'x';
  std::ofstream(path, std::ios::binary) << bytes;
  CHECK(test::read_database(path).sink.problems.size() == 1);
}
