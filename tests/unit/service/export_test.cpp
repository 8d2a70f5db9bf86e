#include "agentpipe/service/export.hpp"

#include <algorithm>

#include "service_bench.hpp"

using namespace agentpipe;
using service::Query;
using test::json;
using test::query;
using test::ServiceBench;

namespace {

struct ExportBench : ServiceBench {
  service::Exports exports{*store, clock, [](model::Event& event) {
                             std::visit(
                                 [](auto& body) {
                                   if constexpr (requires { body.content; }) body.content = "[hidden]";
                                   if constexpr (requires { body.initial_prompt; })
                                     body.initial_prompt = "[hidden]";
                                 },
                                 event.body);
                           }};

  void talk() {
    REQUIRE(upload({{"conversation",
                     {{"id", "c:1"},
                      {"name", "=Rivers"},
                      {"mode", "reactive"},
                      {"initial_prompt", "Name <three> rivers"},
                      {"started_at", "2026-01-05T08:00:00Z"},
                      {"completed_at", "2026-01-05T09:00:00Z"},
                      {"status", "completed"},
                      {"git_branch", "main"}}},
                    {"agents", {{{"agent_id", "a"}, {"agent_type", "claude"}, {"name", "Ada"}}}},
                    {"messages",
                     {{{"message_id", "m1"},
                       {"agent_id", "a"},
                       {"agent_type", "claude"},
                       {"content", "<script>alert(1)</script>"},
                       {"timestamp", "2026-01-05T08:00:01Z"},
                       {"input_tokens", 5},
                       {"vendor", {{"x", 1}}}},
                      {{"message_id", "m2"},
                       {"agent_id", "a"},
                       {"agent_type", "claude"},
                       {"content", "=1+1"},
                       {"timestamp", "2026-01-05T08:00:02Z"},
                       {"cost", 0.5},
                       {"parts",
                        {{{"type", "text"}, {"text", "two"}},
                         {{"type", "tool_call"}, {"call_id", "t"}, {"name", "add"}, {"input", {1, 1}}}}}}}},
                    {"notes",
                     {{{"type", "log.entry"},
                       {"level", "system"},
                       {"content", "Ada joined"},
                       {"timestamp", "2026-01-05T08:00:00Z"}}}}})
                .created);
  }

  struct File {
    std::string name;
    std::string text;
  };
  static File read(base::Result<service::Download> download) {
    File file{download.value().file_name, {}};
    for (auto piece = download->pieces->next().value(); !piece.empty();
         piece = download->pieces->next().value())
      file.text += piece;
    return file;
  }
  std::string text(Query::Parameters parameters) {
    return read(exports.session("c:1", Query(std::move(parameters)))).text;
  }
};

}  // namespace

TEST_CASE("the JSON of a session is taken back unchanged, also by an empty server") {
  ExportBench bench;
  bench.talk();
  const auto document = json::parse(bench.text({}));
  CHECK(bench.upload(document).body["result"] == "unchanged");

  ExportBench other;
  CHECK(other.upload(document).body["result"] == "new");
  CHECK(json::parse(other.text({})) == document);
  const auto session = json::parse(other.sessions.show("c:1", query({})).value());
  CHECK(session["totalMessages"] == 2);
  CHECK(session["status"] == "COMPLETED");
  CHECK(document["messages"][0]["vendor"] == json{{"x", 1}});
  CHECK(document["notes"].size() == 1);
}

TEST_CASE("JSON lines are the events that a stream takes") {
  ExportBench bench;
  bench.talk();
  ServiceBench other;
  const auto text = bench.text({{"format", "jsonl"}});
  std::vector<std::string> types;
  for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
    const auto event = json::parse(text.substr(at, text.find('\n', at) - at));
    types.push_back(event["type"]);
    other.event(event);
  }
  CHECK(types == std::vector<std::string>{"conversation.started", "message.created", "message.created",
                                          "log.entry", "conversation.completed"});
  CHECK(json::parse(other.sessions.show("c:1", query({})).value())["totalCost"] == 0.5);
}

TEST_CASE("a range of messages and a session without its tools") {
  ExportBench bench;
  bench.talk();
  const auto second = json::parse(bench.text({{"from_seq", "2"}, {"tools", "0"}}));
  REQUIRE(second["messages"].size() == 1);
  CHECK(second["messages"][0]["content"] == "two");
  CHECK(second["messages"][0]["parts"] == json::parse(R"([{"type":"text","text":"two"}])"));
  CHECK(json::parse(bench.text({{"to_seq", "1"}}))["messages"].size() == 1);
}

TEST_CASE("a table has a line for each message, and no formula") {
  ExportBench bench;
  bench.talk();
  CHECK(bench.text({{"format", "csv"}}) ==
        "sequence,timestamp,agent_id,agent_name,agent_type,role,model,input_tokens,output_tokens,total_"
        "tokens,cost,"
        "duration_ms,turn,message_id,content\r\n"
        "1,2026-01-05T08:00:01.000Z,a,Ada,claude,agent,,5,,,,,,m1,<script>alert(1)</script>\r\n"
        "2,2026-01-05T08:00:02.000Z,a,Ada,claude,agent,,,,,0.5,,,m2,\"'=1+1\"\r\n");
}

TEST_CASE("a page holds its own policy and nothing that runs") {
  ExportBench bench;
  bench.talk();
  const auto page = bench.text({{"format", "html"}});
  CHECK(
      page.find(
          "content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\"") !=
      std::string::npos);
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find("&lt;script&gt;alert(1)&lt;/script&gt;") != std::string::npos);
  CHECK(page.find("Name &lt;three&gt; rivers") != std::string::npos);
  CHECK(page.ends_with("</html>\n"));
}

TEST_CASE("Markdown holds no raw HTML") {
  ExportBench bench;
  bench.talk();
  const auto text = bench.text({{"format", "markdown"}});
  CHECK(text.starts_with("# =Rivers\n\n- Session: c:1\n"));
  CHECK(text.find("### 1. Ada · agent · 2026-01-05T08:00:01.000Z\n\n\\<script>alert(1)\\</script>\n") !=
        std::string::npos);
}

TEST_CASE("the file's name holds the id, the day and nothing odd") {
  ExportBench bench;
  bench.talk();
  const auto day = base::format_rfc3339(bench.clock.now()).substr(0, 10);
  CHECK(bench.read(bench.exports.session("c:1", query({{"format", "markdown"}}))).name ==
        "session-c_1-" + day + ".md");
}

TEST_CASE("several sessions are lines of events or rows, unknown ones left out") {
  ExportBench bench;
  bench.talk();
  bench.message("c2", 1);
  const auto rows =
      bench.read(bench.exports.sessions(query({{"ids", "c2,none,c:1"}, {"format", "csv"}}))).text;
  CHECK(std::ranges::count(rows, '\n') == 3);
  CHECK(rows.find("\r\nc:1,\"'=Rivers\",COMPLETED,cli-upload,reactive,") != std::string::npos);
  const auto lines = bench.read(bench.exports.sessions(query({{"ids", "c2,none,c:1"}}))).text;
  CHECK(std::ranges::count(lines, '\n') == 7);
}

TEST_CASE("without ids all that the filters match is exported, page by page") {
  ExportBench bench;
  constexpr int k_sessions = 450;
  for (int i = 0; i < k_sessions; ++i) bench.message("s" + std::to_string(i), 1);
  bench.talk();
  const auto lines_of = [&](const Query& wish) {
    const auto text = bench.read(bench.exports.sessions(wish)).text;
    return std::ranges::count(text, '\n');
  };
  CHECK(lines_of(query({{"format", "csv"}})) == 1 + k_sessions + 1);
  CHECK(lines_of(query({{"format", "csv"}, {"mode", "reactive"}})) == 1 + 1);
  CHECK(lines_of(query({{"format", "csv"}, {"mode", "none"}})) == 1);
}

TEST_CASE("a bad wish is named") {
  ExportBench bench;
  bench.talk();
  for (const auto& [parameters, field] : std::vector<std::pair<Query::Parameters, std::string>>{
           {{{"format", "pdf"}}, "format"},
           {{{"from_seq", "x"}}, "from_seq"},
           {{{"from_seq", "2"}, {"to_seq", "1"}}, "to_seq"}})
    CHECK(bench.exports.session("c:1", Query(parameters)).error().field == field);
  CHECK(bench.exports.session("none", query({})).error().code == base::ErrorCode::not_found);
  CHECK(bench.exports.sessions(query({{"minCost", "much"}})).error().field == "minCost");
}

TEST_CASE("what is redacted is so in every format: messages, notes and what the session says of itself") {
  ExportBench bench;
  bench.talk();
  for (const auto* format : {"json", "jsonl", "markdown", "html", "csv"}) {
    CAPTURE(format);
    const auto plain = bench.text({{"format", format}});
    const auto hidden = bench.text({{"format", format}, {"redact", "1"}});
    for (const auto* secret : {"1+1", "rivers", "joined"}) CHECK(hidden.find(secret) == std::string::npos);
    CHECK(plain.find("1+1") != std::string::npos);
    CHECK(hidden.find("[hidden]") != std::string::npos);
  }
  const auto rows =
      ExportBench::read(bench.exports.sessions(query({{"format", "csv"}, {"redact", "1"}}))).text;
  CHECK(rows.find("Name <three> rivers") == std::string::npos);
  CHECK(rows.find("[hidden]") != std::string::npos);
}
