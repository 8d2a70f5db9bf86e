#include <doctest/doctest.h>

#include "agent_reading.hpp"
#include "goose_session.hpp"
#include "sqlite_scene.hpp"

using namespace agentpipe;
using test::lines_of;
using test::look_at;
using Lines = std::vector<std::string>;

namespace {

constexpr const char* k_goose_schema = R"(
CREATE TABLE schema_version (version INTEGER PRIMARY KEY);
CREATE TABLE sessions (id TEXT PRIMARY KEY, name TEXT NOT NULL DEFAULT '', description TEXT NOT NULL DEFAULT '',
  session_type TEXT NOT NULL DEFAULT 'user', working_dir TEXT NOT NULL, created_at TIMESTAMP, updated_at TIMESTAMP,
  accumulated_total_tokens INTEGER, accumulated_cost REAL, model_config_json TEXT, parent_session_id TEXT);
CREATE TABLE messages (id INTEGER PRIMARY KEY AUTOINCREMENT, message_id TEXT, session_id TEXT NOT NULL, role TEXT NOT NULL,
  content_json TEXT NOT NULL, created_timestamp INTEGER NOT NULL, timestamp TIMESTAMP, tokens INTEGER, metadata_json TEXT);
)";
constexpr const char* k_ledger = R"(
CREATE TABLE usage_ledger (id INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT NOT NULL, created_timestamp INTEGER NOT NULL,
  model TEXT, input_tokens INTEGER, output_tokens INTEGER, total_tokens INTEGER, cache_read_tokens INTEGER,
  cache_write_tokens INTEGER, cost REAL, cost_source TEXT, is_compaction INTEGER DEFAULT 0);
)";

/// Seconds since 1970.
std::string unix_seconds(int second) {
  return std::to_string(
      std::chrono::duration_cast<std::chrono::seconds>(test::k_arrived.time_since_epoch()).count() + second);
}

/// Goose, as it writes; its texts hold no quotes.
class Goose : public test::Writer {
 public:
  explicit Goose(const std::filesystem::path& path) : test::Writer(path) { run(k_goose_schema); }
  void session(const std::string& id, const std::string& created, const std::string& more = "'user',NULL") {
    run("INSERT INTO sessions (id, name, working_dir, created_at, updated_at, model_config_json, "
        "session_type, "
        "parent_session_id) VALUES ('" +
        id + "','Rivers','/work/rivers','" + created + "','" + created + R"(','{"model_name":"gpt-5"}',)" +
        more + ")");
  }
  void say(const std::string& session, const std::string& role, int second, const std::string& text,
           const std::string& id = "NULL", const std::string& metadata = "NULL") {
    run("INSERT INTO messages (message_id, session_id, role, content_json, created_timestamp, metadata_json) "
        "VALUES (" +
        id + ",'" + session + "','" + role + R"(','[{"type":"text","text":")" + text + R"("}]',)" +
        unix_seconds(second) + "," + metadata + ")");
  }
  void account(const std::string& session, int second, const std::string& model, const std::string& numbers,
               const std::string& cost) {
    run("INSERT INTO usage_ledger (session_id, created_timestamp, model, input_tokens, output_tokens, "
        "cache_read_tokens, "
        "cache_write_tokens, cost, cost_source) VALUES ('" +
        session + "'," + unix_seconds(second) + ",'" + model + "'," + numbers + "," + cost + ")");
  }
};

}  // namespace

TEST_CASE("goose: older files; calls, results and their errors, unknown kinds, what is not for people") {
  const auto reading = test::read_file("goose/20250705_101500.jsonl");
  CHECK(reading.format == "goose-jsonl");
  CHECK(reading.sink.problems == Lines{});
  CHECK(reading.sink.skipped_lines(formats::Skip::unfinished) ==
        std::vector<std::uint64_t>{7});  // it is cut off
  const auto messages = reading.sink.all<model::MessageCreated>();
  REQUIRE(messages.size() == 4);
  CHECK(messages[0].content == "Name a river\n\n*image, image/png, 6 B*");
  CHECK(
      messages[1].parts.text ==
      R"([{"type":"thinking","text":"Which one?"},{"type":"tool_call","call_id":"c-1","name":"developer__shell",)"
      R"("input":{"command":"ls"}},{"type":"tool_call","call_id":"c-2","name":""},)"
      R"({"type":"tool_result","call_id":"c-2","is_error":true,"output":"no such tool"}])");
  CHECK(messages[2].role == "tool");
  CHECK(
      messages[2].parts.text ==
      R"([{"type":"tool_result","call_id":"c-1","name":"developer__shell","is_error":false,"output":"list.txt\nmap.png"},)"
      R"({"type":"tool_result","call_id":"c-3","is_error":true,"output":"denied"},)"
      R"({"type":"tool_result","call_id":"c-4","is_error":true,"output":"bad"}])");
  CHECK(messages[3].content == "Danube\n\n*summed up*");
  const auto started = reading.sink.all<model::ConversationStarted>().at(0);
  CHECK(started.conversation_id == "goose:20250705_101500");
  CHECK(started.initial_prompt == messages[0].content);
  CHECK(reading.sink.all<model::LogEntry>().at(0).metadata.text ==
        R"({"record_type":"hologram","record":{"type":"hologram","beam":7}})");
  CHECK(reading.sink.skipped_lines(formats::Skip::unknown) == std::vector<std::uint64_t>{0, 6});
  CHECK(reading.sink.all<model::ConversationCompleted>().at(0).total_tokens == 240);
}

TEST_CASE("goose: ids that count by the day are told apart by when the session began") {
  CHECK(formats::goose::native_id("20260105_2", "2026-01-05 08:00:00") !=
        formats::goose::native_id("20260105_2", "2026-01-05 08:00:01"));
  CHECK(formats::goose::native_id("20250705_101500", "2025-07-05 10:15:00") == "20250705_101500");
  CHECK(formats::goose::native_id("own", "x") == "own");
}

TEST_CASE(
    "goose: a database with sessions, agents below them, hidden ones and messages for the model alone") {
  const test::TemporaryDirectory folder;
  const auto path = folder.path() / "sessions.db";
  Goose tool(path);
  tool.session("20260105_1", "2026-01-05 08:00:00");
  tool.session("20260105_2", "2026-01-05 08:00:01", "'sub_agent','20260105_1'");
  tool.session("20260105_3", "2026-01-05 08:00:02", "'hidden',NULL");
  tool.say("20260105_1", "user", 1, "Name a river", "'u-1'");
  tool.say("20260105_1", "user", 1, "for the model", "'u-2'",
           R"('{"userVisible":false,"agentVisible":true}')");
  tool.say("20260105_1", "assistant", 2, "Dan", "'a-1'");
  tool.say("20260105_1", "assistant", 2, "ube", "'a-1'");
  tool.say("20260105_2", "user", 3, "Look around");
  tool.say("20260105_3", "user", 4, "a title for it");
  const auto reading = test::read_database(path);
  CHECK(reading.format == "goose");
  CHECK(reading.sink.problems == Lines{});
  CHECK(lines_of(reading) == Lines{"u-1 user user: Name a river", "a-1 assistant goose: Dan",
                                   "a-1:2 assistant goose: ube", "- user user: Look around"});
  const auto started = reading.sink.all<model::ConversationStarted>();
  REQUIRE(started.size() == 2);
  CHECK(started[1].parent_conversation_id == started[0].conversation_id);
  CHECK(started[0].cwd == "/work/rivers");
  CHECK(reading.sink.events.front().at == *base::parse_rfc3339("2026-01-05T08:00:00Z"));
  CHECK(test::by_id(reading).at("a-1").model == "gpt-5");
  CHECK(!test::by_id(reading).at("a-1").tokens_used);
}

TEST_CASE("goose: accounts go to the answers they paid for, in classes that do not overlap") {
  const test::TemporaryDirectory folder;
  const auto path = folder.path() / "sessions.db";
  Goose tool(path);
  tool.run(k_ledger);
  tool.session("s", "2026-01-05 08:00:00");
  tool.say("s", "user", 1, "Name a river");
  tool.say("s", "assistant", 2, "Danube", "'a-1'");
  tool.account("s", 2, "claude-sonnet-4-5", "10,20,1000,100", "0.5,'provider_reported'");
  tool.account("s", 3, "claude-sonnet-4-5", "1,2,0,0", "0.25,'provider_reported'");
  tool.say("s", "user", 4, "And a lake");
  tool.say("s", "assistant", 5, "Garda", "'a-2'");
  tool.account("s", 5, "claude-sonnet-4-5", "100,50,NULL,NULL", "NULL,NULL");
  tool.say("s", "assistant", 7, "Como", "'a-3'");
  tool.account("s", 7, "no-such-model", "7,3,-5,NULL", "0,NULL");
  const auto messages = test::by_id(test::read_database(path));
  CHECK(messages.at("a-1").input_tokens == 11);
  CHECK(messages.at("a-1").cache_read_tokens == 1000);
  CHECK(messages.at("a-1").cache_write_tokens == 100);
  CHECK(messages.at("a-1").tokens_used == 1133);
  CHECK(messages.at("a-1").cost == 0.75);
  CHECK(messages.at("a-1").cost_kind == "reported");
  CHECK(messages.at("a-2").cost == doctest::Approx((100 * 3 + 50 * 15) / 1e6));
  CHECK(messages.at("a-2").cost_kind == "estimated");
  CHECK(messages.at("a-3").tokens_used == 10);
  CHECK(!messages.at("a-3").cost);
}

TEST_CASE("goose: of a database that grows, an answer waits for its account; only what has changed is read") {
  const test::TemporaryDirectory folder;
  const auto path = folder.path() / "sessions.db";
  Goose tool(path);
  tool.run(k_ledger);
  tool.session("s", "2026-01-05 08:00:00");
  tool.say("s", "user", 1, "Name a river");
  tool.say("s", "assistant", 2, "Danube", "'a-1'");
  const auto first = look_at("goose", path, {});
  CHECK(first.sink.all<model::MessageCreated>().size() == 1);
  tool.account("s", 2, "gpt-5", "10,20,0,0", "0.5,'estimated'");
  const auto second = look_at("goose", path, first.context);
  CHECK(second.sink.all<model::MessageCreated>().size() == 2);
  CHECK(second.sink.all<model::MessageCreated>().back().cost_kind == "estimated");
  CHECK(second.context == unix_seconds(2) + "000 2 1 []");
  CHECK(look_at("goose", path, unix_seconds(3) + "000").sink.events.empty());
}

TEST_CASE(
    "goose: a version without what is needed is one clear problem; a database of others is none of its") {
  const test::TemporaryDirectory folder;
  test::Writer(folder.path() / "sessions.db")
      .run("CREATE TABLE sessions (id TEXT); CREATE TABLE messages (content_json TEXT);");
  const auto reading = test::read_database(folder.path() / "sessions.db");
  CHECK(reading.sink.problems ==
        Lines{"0: the database has no column 'messages.id': it is another program's, or of a "
              "version that is not known"});
  test::Writer(folder.path() / "other.db").run("CREATE TABLE sessions (id TEXT);");
  CHECK(test::read_database(folder.path() / "other.db").format.empty());
}
