#include "agentpipe/formats/otlp.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

using namespace agentpipe;
using nlohmann::json;
using Lines = std::vector<std::string>;
/// A list as JSON has it. One of one element, written in braces, is to some compilers that element itself.
using List = std::vector<json>;

namespace {

json text(const std::string& key, const std::string& value) {
  return {{"key", key}, {"value", {{"stringValue", value}}}};
}
json number(const std::string& key, int value) {
  return {{"key", key}, {"value", {{"intValue", std::to_string(value)}}}};
}

json span(List attributes) {
  return {{"traceId", "5B8EFFF798038103D269B633813FC60C"},
          {"spanId", "eee19b7ec3c1b174"},
          {"name", "chat gpt-5"},
          {"startTimeUnixNano", "1767600000000000000"},
          {"endTimeUnixNano", "1767600001500000000"},
          {"attributes", std::move(attributes)}};
}

json request(List spans) {
  const json resource{{"attributes", {text("service.name", "planner"), text("host.name", "box")}}};
  const json scope{{"scope", {}}, {"spans", std::move(spans)}};
  return {{"resourceSpans", List{{{"resource", resource}, {"scopeSpans", List{scope}}}}}};
}

base::Result<model::Trace> read_trace(const json& body) {
  return formats::read_otlp(body.dump(), {{}, base::Timestamp{}});
}

/// Each event of the spans in a line; those that only a new conversation needs begin with '?'.
Lines lines_of(const model::Trace& trace) {
  Lines lines;
  for (const auto& told : trace.spans) {
    for (const auto& [needed, event] : told.events) {
      std::string line = needed == model::SpanEvent::Needed::always ? "" : "?";
      line += model::type_name(event);
      if (const auto* m = std::get_if<model::MessageCreated>(&event.body))
        line += " " + m->role + " " + m->agent_id + ": " + m->content;
      if (const auto* e = std::get_if<model::ConversationError>(&event.body)) line += " " + e->error_message;
      lines.push_back(std::move(line));
    }
  }
  return lines;
}

const model::MessageCreated& last_message(const model::Trace& trace) {
  return std::get<model::MessageCreated>(trace.spans.back().events.back().event.body);
}

const std::string k_input_messages =
    R"([{"role":"user","parts":[{"type":"text","content":"Weather?"}]},)"
    R"({"role":"assistant","parts":[{"type":"tool_call","id":"t1","name":"get","arguments":{"city":"Bonn"}}]},)"
    R"({"role":"tool","parts":[{"type":"tool_call_response","id":"t1","response":"rain"}]}])";

}  // namespace

TEST_CASE("a call of a model becomes its instructions, prompts and answer, with the account of the answer") {
  const auto trace = read_trace(request({span(
      {text("gen_ai.operation.name", "chat"), text("gen_ai.provider.name", "openai"),
       text("gen_ai.request.model", "gpt-5"), text("gen_ai.response.model", "gpt-5-2026"),
       text("gen_ai.conversation.id", "talk 1"), number("gen_ai.usage.input_tokens", 100),
       number("gen_ai.usage.cache_read.input_tokens", 60),
       number("gen_ai.usage.cache_creation.input_tokens", 10), number("gen_ai.usage.output_tokens", 7),
       number("gen_ai.usage.reasoning.output_tokens", 3),
       text("gen_ai.system_instructions", R"([{"type":"text","content":"Be brief."}])"),
       text("gen_ai.input.messages", k_input_messages),
       text(
           "gen_ai.output.messages",
           R"([{"role":"assistant","parts":[{"type":"text","content":"Rain."}],"finish_reason":"stop"}])")})}));
  REQUIRE(trace);
  CHECK(lines_of(*trace) == Lines{"?conversation.started", "message.created system system: Be brief.",
                                  "message.created user user: Weather?",
                                  "?message.created assistant planner: **get** `{\"city\":\"Bonn\"}`",
                                  "message.created tool tool: ```\nrain\n```",
                                  "message.created assistant planner: Rain."});
  const auto& started = std::get<model::ConversationStarted>(trace->spans[0].events[0].event.body);
  CHECK(started.conversation_id.starts_with("otel:"));
  CHECK(started.initial_prompt == "Weather?");
  CHECK(started.machine == "box");
  const auto& answer = last_message(*trace);
  CHECK(answer.message_id == "5b8efff798038103d269b633813fc60c.eee19b7ec3c1b174.0");
  CHECK(answer.agent_type == "openai");
  CHECK(answer.agent_name == "planner");
  CHECK(answer.model == "gpt-5-2026");
  CHECK(answer.duration_ms == 1500);
  CHECK(answer.input_tokens == 30);
  CHECK(answer.cache_read_tokens == 60);
  CHECK(answer.cache_write_tokens == 10);
  CHECK(answer.output_tokens == 7);
  CHECK(answer.reasoning_tokens == 3);
  CHECK(answer.tokens_used == 107);
}

TEST_CASE("prompts keep their ids from span to span, and a trace names a conversation that has no name") {
  const auto of = [](const List& messages) {
    return read_trace(request({span({text("gen_ai.operation.name", "chat"),
                                     text("gen_ai.input.messages", json(messages).dump()),
                                     text("gen_ai.output.messages", "[]")})}))
        .value();
  };
  const auto id = [](const model::Trace& trace, std::size_t place) {
    return model::message_id(trace.spans[0].events[place].event);
  };
  const json user{{"role", "user"}, {"content", "Go on"}};
  const json answer{{"role", "assistant"}, {"content", "Done"}};
  const auto first = of({user});
  const auto second = of({user, answer, user});
  CHECK(model::conversation_id(first.spans[0].events[0].event) == "otel:5b8efff798038103d269b633813fc60c");
  CHECK(lines_of(second) ==
        Lines{"?conversation.started", "message.created user user: Go on",
              "?message.created assistant planner: Done", "message.created user user: Go on",
              "message.created assistant planner: *A call of the model; no content was exported*"});
  CHECK(id(first, 1) == id(second, 1));
  CHECK(id(second, 1) != id(second, 3));
}

TEST_CASE("attributes that OpenLLMetry numbers are messages, too") {
  const auto trace = read_trace(request(
      {span({text("llm.request.type", "chat"), text("gen_ai.system", "OpenAI"),
             text("gen_ai.prompt.0.role", "system"), text("gen_ai.prompt.0.content", "Be brief."),
             text("gen_ai.prompt.1.role", "user"),
             text("gen_ai.prompt.1.content", R"([{"type":"text","text":"Weather?"}])"),
             text("gen_ai.prompt.2.role", "assistant"), text("gen_ai.prompt.2.tool_calls.0.id", "t1"),
             text("gen_ai.prompt.2.tool_calls.0.name", "get"),
             text("gen_ai.prompt.2.tool_calls.0.arguments", R"({"city": "Bonn"})"),
             text("gen_ai.prompt.3.role", "tool"), text("gen_ai.prompt.3.tool_call_id", "t1"),
             text("gen_ai.prompt.3.content", "rain"), text("gen_ai.completion.0.role", "assistant"),
             text("gen_ai.completion.0.content", "Rain."), text("gen_ai.completion.0.finish_reason", "stop"),
             number("gen_ai.usage.prompt_tokens", 5), number("gen_ai.usage.completion_tokens", 2)})}));
  REQUIRE(trace);
  CHECK(lines_of(*trace) == Lines{"?conversation.started", "message.created system system: Be brief.",
                                  "message.created user user: Weather?",
                                  "?message.created assistant planner: **get** `{\"city\":\"Bonn\"}`",
                                  "message.created tool tool: ```\nrain\n```",
                                  "message.created assistant planner: Rain."});
  CHECK(last_message(*trace).tokens_used == 7);
}

TEST_CASE("older names, structured values and texts that were cut are read, too") {
  const json part{{"kvlistValue", {{"values", {text("type", "text"), text("content", "Hello")}}}}};
  const json message{{"kvlistValue",
                      {{"values",
                        {text("role", "assistant"),
                         {{"key", "parts"}, {"value", {{"arrayValue", {{"values", List{part}}}}}}}}}}}};
  const auto trace = read_trace(request({span(
      {text("gen_ai.system", "anthropic"),
       number("gen_ai.usage.prompt_tokens", 5),
       number("gen_ai.usage.completion_tokens", 2),
       text("gen_ai.prompt", R"([{"role":"user","content":"Hi th)"),
       {{"key", "gen_ai.output.messages"}, {"value", {{"arrayValue", {{"values", List{message}}}}}}}})}));
  REQUIRE(trace);
  CHECK(lines_of(*trace) == Lines{"?conversation.started",
                                  R"(message.created user user: [{"role":"user","content":"Hi th)",
                                  "message.created assistant planner: Hello"});
  CHECK(last_message(*trace).agent_type == "anthropic");
  CHECK(last_message(*trace).tokens_used == 7);
}

TEST_CASE("of other GenAI spans only the error counts; spans without GenAI attributes are passed over") {
  auto failed = span({text("gen_ai.operation.name", "execute_tool"), text("error.type", "timeout")});
  failed["status"] = {{"code", 2}, {"message", "no answer"}};
  const auto fine =
      span({text("gen_ai.operation.name", "invoke_agent"), number("gen_ai.usage.output_tokens", 9)});
  json foreign = span({text("http.method", "GET")});
  foreign["traceId"] = "bad";
  const auto trace = read_trace(request({failed, fine, foreign}));
  REQUIRE(trace);
  CHECK(lines_of(*trace) == Lines{"?conversation.started", "conversation.error no answer"});
  CHECK(trace->rejected == 0);
}

TEST_CASE("a bad span is rejected with its name, the field and the remedy; the others are read") {
  const List attributes{text("gen_ai.operation.name", "chat")};
  auto no_trace = span(attributes);
  no_trace["traceId"] = std::string(32, '0');
  auto no_time = span(attributes);
  no_time.erase("startTimeUnixNano");
  const auto trace = read_trace(request({no_trace, span(attributes), no_time}));
  REQUIRE(trace);
  CHECK(trace->rejected == 2);
  CHECK(trace->reason == "Span \"chat gpt-5\": traceId must be 32 hexadecimal digits, not all of them 0.");
  CHECK(trace->spans.size() == 1);
}

TEST_CASE("labels and counts beyond every measure are cut") {
  const auto trace = read_trace(request(
      {span({text("gen_ai.operation.name", "chat"),
             text("gen_ai.provider.name", std::string(5000, 'p')),
             text("gen_ai.agent.id", std::string(5000, 'a')),
             text("gen_ai.conversation.id", std::string(5000, 'c')),
             {{"key", "gen_ai.usage.output_tokens"}, {"value", {{"intValue", "18446744073709551615"}}}}})}));
  REQUIRE(trace);
  const auto& answer = last_message(*trace);
  CHECK(answer.agent_type.size() == 1024);
  CHECK(answer.agent_id.size() == 128);
  CHECK(answer.conversation_id.size() == 37);
  CHECK(answer.tokens_used == 1'000'000'000'000);
}

namespace {

/// A value as this encoding has it.
json value(const json& plain) {
  if (plain.is_string()) return {{"stringValue", plain}};
  if (plain.is_number()) return {{"intValue", std::to_string(plain.get<int>())}};
  json values = json::array();
  if (plain.is_array()) {
    for (const auto& each : plain) values.push_back(value(each));
    return {{"arrayValue", {{"values", values}}}};
  }
  for (const auto& [key, each] : plain.items()) values.push_back({{"key", key}, {"value", value(each)}});
  return {{"kvlistValue", {{"values", values}}}};
}

json log_record(const std::string& event, const json& body, List attributes = {}) {
  attributes.push_back(text("gen_ai.system", "openai"));
  return {{"traceId", "5b8efff798038103d269b633813fc60c"},
          {"spanId", "eee19b7ec3c1b174"},
          {"timeUnixNano", "1767600001000000000"},
          {"eventName", event},
          {"body", value(body)},
          {"attributes", std::move(attributes)}};
}

base::Result<model::Trace> read_logs(List records) {
  const json resource{{"attributes", {text("service.name", "planner"), text("host.name", "box")}}};
  const json scope{{"scope", json::object()}, {"logRecords", std::move(records)}};
  const json body{{"resourceLogs", List{{{"resource", resource}, {"scopeLogs", List{scope}}}}}};
  return formats::read_otlp_logs(body.dump(), {{}, base::Timestamp{}});
}

const json k_call{
    {"id", "t1"}, {"type", "function"}, {"function", {{"name", "get"}, {"arguments", R"({"city":"Bonn"})"}}}};

/// "id content" of every message.
Lines ids_of(const model::Trace& trace) {
  Lines lines;
  for (const auto& told : trace.spans) {
    for (const auto& [needed, event] : told.events) {
      if (const auto* m = std::get_if<model::MessageCreated>(&event.body))
        lines.push_back(m->message_id + " " + m->content);
    }
  }
  return lines;
}

}  // namespace

TEST_CASE("log events of a call tell what its span tells, with the same ids") {
  const auto logs =
      read_logs({log_record("gen_ai.system.message", {{"content", "Be brief."}}),
                 log_record("gen_ai.user.message", {{"content", "Weather?"}}),
                 log_record("gen_ai.assistant.message", {{"tool_calls", List{k_call}}}),
                 log_record("gen_ai.tool.message", {{"id", "t1"}, {"content", "rain"}}),
                 log_record("gen_ai.choice", {{"index", 0}, {"message", {{"content", "Rain."}}}})});
  REQUIRE(logs);
  CHECK(lines_of(*logs) == Lines{"?conversation.started", "message.created system system: Be brief.",
                                 "message.created user user: Weather?",
                                 "?message.created assistant planner: **get** `{\"city\":\"Bonn\"}`",
                                 "message.created tool tool: ```\nrain\n```",
                                 "message.created assistant planner: Rain."});
  CHECK(std::get<model::ConversationStarted>(logs->spans[0].events[0].event.body).initial_prompt ==
        "Weather?");
  const auto spans = read_trace(
      request({span({text("gen_ai.system", "openai"), number("gen_ai.usage.output_tokens", 7),
                     text("gen_ai.system_instructions", R"([{"type":"text","content":"Be brief."}])"),
                     text("gen_ai.input.messages", k_input_messages),
                     text("gen_ai.output.messages",
                          R"([{"role":"assistant","parts":[{"type":"text","content":"Rain."}]}])")})}));
  REQUIRE(spans);
  CHECK(ids_of(*logs) == ids_of(*spans));
  CHECK(model::conversation_id(logs->spans[0].events[0].event) ==
        model::conversation_id(spans->spans[0].events[0].event));
}

TEST_CASE("a span that tells no content counts what the call used beside what its log events say") {
  const auto logs =
      read_logs({log_record("gen_ai.choice", {{"index", 0}, {"message", {{"content", "Rain."}}}}),
                 log_record("gen_ai.choice", {{"index", 1}, {"message", {{"content", "Sun."}}}})});
  const auto spans = read_trace(
      request({span({text("gen_ai.operation.name", "chat"), number("gen_ai.usage.output_tokens", 7)})}));
  REQUIRE((logs && spans));
  const std::string id = "5b8efff798038103d269b633813fc60c.eee19b7ec3c1b174.";
  CHECK(ids_of(*logs) == Lines{id + "0 Rain.", id + "1 Sun."});
  CHECK(ids_of(*spans) == Lines{id + "usage *A call of the model; no content was exported*"});
}

TEST_CASE("one event with the whole call reads like its span; without a span it is named by what it says") {
  const List attributes{
      text("event.name", "gen_ai.client.inference.operation.details"),
      text("gen_ai.operation.name", "chat"),
      text("session.id", "s-1"),
      text("gen_ai.input.messages", k_input_messages),
      text("gen_ai.output.messages", R"([{"role":"assistant","parts":[{"type":"text","content":"Rain."}]}])"),
      number("gen_ai.usage.input_tokens", 5)};
  auto details = log_record("", "", attributes);
  const auto with_span = read_logs({details});
  details.erase("traceId");
  details.erase("spanId");
  const auto alone = read_logs({details});
  REQUIRE((with_span && alone));
  CHECK(lines_of(*with_span) == lines_of(*alone));
  CHECK(model::conversation_id(alone->spans[0].events[0].event) == "otel:s-1");
  CHECK(last_message(*with_span).message_id == "5b8efff798038103d269b633813fc60c.eee19b7ec3c1b174.0");
  CHECK(last_message(*alone).message_id.starts_with("m-"));
  CHECK(last_message(*alone).tokens_used == 5);
  CHECK_FALSE(last_message(*alone).duration_ms);
}

TEST_CASE("records of other events and without content say nothing; one that belongs nowhere is rejected") {
  auto nowhere = log_record("gen_ai.user.message", {{"content", "Hi"}});
  nowhere.erase("traceId");
  auto bad = log_record("gen_ai.choice", {{"index", 0}});
  bad["spanId"] = "12";
  const auto logs = read_logs({log_record("claude_code.user_prompt", {{"prompt", "Hi"}}),
                               log_record("gen_ai.user.message", {{"role", "user"}}),
                               log_record("gen_ai.tool.message", {{"id", "t1"}}), nowhere, bad});
  REQUIRE(logs);
  CHECK(logs->spans.empty());
  CHECK(logs->rejected == 2);
  CHECK(logs->reason ==
        "Log record \"gen_ai.user.message\": it needs a traceId or the attribute gen_ai.conversation.id.");
}

namespace {

json decimal(const std::string& key, double value) {
  return {{"key", key}, {"value", {{"doubleValue", value}}}};
}

/// A record as Claude Code exports it: no span, and the whole name in its body alone.
json claude_log(const std::string& name, List attributes, const std::string& time = "2026-01-05T08:00:00Z") {
  attributes.push_back(text("event.name", name));
  attributes.push_back(text("event.timestamp", time));
  attributes.push_back(text("session.id", "s-1"));
  return {{"timeUnixNano", "1767600001000000000"},
          {"body", {{"stringValue", "claude_code." + name}}},
          {"attributes", std::move(attributes)}};
}

json claude_usage(const std::string& request) {
  return claude_log("api_request", {text("request_id", request), text("model", "claude-opus-4-6"),
                                    number("input_tokens", 3), number("output_tokens", 7),
                                    number("cache_read_tokens", 20), number("cache_creation_tokens", 10),
                                    decimal("cost_usd", 0.25), number("duration_ms", 900)});
}

}  // namespace

TEST_CASE("Claude Code's telemetry is a session: prompts, answers with what they used, tools, errors") {
  const auto logs = read_logs(
      {claude_log("user_prompt", {text("prompt", "Fix it"), text("prompt.id", "p1")}),
       claude_log("mcp_server_connection", {}),
       claude_log("tool_result", {text("tool_name", "Bash"), text("tool_use_id", "t1"),
                                  text("success", "false"), text("tool_parameters", R"({"command":"make"})"),
                                  text("error", "no rule"), number("duration_ms", 40)}),
       claude_usage("r1"),
       claude_log("assistant_response", {text("request_id", "r1"), text("response", "Done.")}),
       claude_log("user_prompt", {text("prompt", "Fix it"), text("prompt.id", "p2")}),
       claude_log("api_error", {text("error", "overloaded"), text("model", "claude-opus-4-6")})});
  REQUIRE(logs);
  CHECK(
      lines_of(*logs) ==
      Lines{"?conversation.started", "message.created user user: Fix it", "?conversation.started",
            "message.created tool tool: **Bash** `{\"command\":\"make\"}`\n\n**Failed**\n\n```\nno rule\n```",
            "?conversation.started", "message.created assistant planner: Done.", "?conversation.started",
            "message.created user user: Fix it", "?conversation.started", "conversation.error overloaded"});
  CHECK(ids_of(*logs)[0] == "prompt.p1 Fix it");
  CHECK(ids_of(*logs)[2] == "r1.0 Done.");
  CHECK(ids_of(*logs)[3] == "prompt.p2 Fix it");
  CHECK(logs->passed_over == 1);
  CHECK(logs->spans[2].items == 2);
  CHECK(std::get<model::ConversationStarted>(logs->spans[0].events[0].event.body).initial_prompt == "Fix it");
  CHECK(model::conversation_id(logs->spans[0].events[0].event) == "otel:s-1");
  const auto& answer = std::get<model::MessageCreated>(logs->spans[2].events.back().event.body);
  CHECK(answer.agent_type == "claude-code");
  CHECK(answer.model == "claude-opus-4-6");
  CHECK(answer.input_tokens == 3);
  CHECK(answer.cache_read_tokens == 20);
  CHECK(answer.cache_write_tokens == 10);
  CHECK(answer.output_tokens == 7);
  CHECK(answer.cost == 0.25);
  CHECK(answer.cost_kind == "reported");
  CHECK(answer.duration_ms == 900);
  CHECK(std::get<model::MessageCreated>(logs->spans[1].events.back().event.body).duration_ms == 40);
}

TEST_CASE("without texts what calls used is left, by request or by time, and numbers may be texts") {
  const auto used = [](const std::string& time) {
    return claude_log("api_request",
                      {text("model", "m"), text("input_tokens", "300"), text("cost_usd", "0.5")}, time);
  };
  const auto logs =
      read_logs({claude_log("user_prompt", {text("prompt", "<REDACTED>"), text("prompt.id", "p1")}),
                 used("2026-01-05T08:00:00Z"), used("2026-01-05T08:00:01Z"),
                 claude_log("assistant_response", {text("response", "<REDACTED>")})});
  REQUIRE(logs);
  const std::string said = " *A call of the model; no content was exported*";
  CHECK(ids_of(*logs) == Lines{"2026-01-05T08:00:00Z.usage" + said, "2026-01-05T08:00:01Z.usage" + said});
  CHECK(last_message(*logs).input_tokens == 300);
  CHECK(last_message(*logs).cost == 0.5);
  CHECK(logs->passed_over == 0);
}

TEST_CASE("Gemini CLI tells a call twice, in its own event and in a GenAI event: it is counted once") {
  const auto record = [](const std::string& event, List attributes) {
    attributes.push_back(text("event.name", event));
    attributes.push_back(text("event.timestamp", "2026-01-05T08:00:00Z"));
    attributes.push_back(text("session.id", "s-1"));
    return json{
        {"timeUnixNano", "1767600001000000000"}, {"body", value("words")}, {"attributes", attributes}};
  };
  const auto own =
      record("gemini_cli.api_response",
             {text("model", "gemini-3-pro"), number("input_token_count", 100),
              number("cached_content_token_count", 60), number("output_token_count", 5),
              number("thoughts_token_count", 2), number("tool_token_count", 1), number("duration_ms", 900)});
  const auto details = record(
      "gen_ai.client.inference.operation.details",
      {text("gen_ai.operation.name", "generate_content"), text("gen_ai.provider.name", "gcp.gemini"),
       number("gen_ai.usage.input_tokens", 100), number("gen_ai.usage.output_tokens", 5),
       text("gen_ai.input.messages", R"([{"role":"user","parts":[{"type":"text","content":"Weather?"}]}])"),
       text("gen_ai.output.messages", R"([{"role":"model","parts":[{"type":"text","content":"Rain."}]}])")});
  const auto prompt = record("gemini_cli.user_prompt", {text("prompt", "Weather?"), text("prompt_id", "p1")});
  for (const auto& records : {List{prompt, own, details}, List{prompt, details, own}}) {
    const auto logs = read_logs(records);
    REQUIRE(logs);
    REQUIRE(ids_of(*logs).size() == 3);
    CHECK(ids_of(*logs)[0] == ids_of(*logs)[1]);  // the prompt, so that it is stored once
    CHECK(ids_of(*logs)[2] == "2026-01-05T08:00:00Z.0 Rain.");
    const auto& answer = last_message(*logs);
    CHECK(answer.model == "gemini-3-pro");
    CHECK(answer.input_tokens == 41);
    CHECK(answer.cache_read_tokens == 60);
    CHECK(answer.output_tokens == 7);
    CHECK(answer.reasoning_tokens == 2);
    CHECK(answer.duration_ms == 900);
  }
}

TEST_CASE("a record of what a call is given says nothing of its answer") {
  auto details = log_record(
      "", "",
      {text("event.name", "gen_ai.client.inference.operation.details"),
       text("gen_ai.operation.name", "generate_content"), text("gen_ai.input.messages", k_input_messages)});
  const auto logs = read_logs({details});
  REQUIRE(logs);
  CHECK(lines_of(*logs).back() == "message.created tool tool: ```\nrain\n```");
}

TEST_CASE("Codex's telemetry is a session, too; of the pieces of an answer the last tells what was used") {
  const auto record = [](const std::string& event, const std::string& time, List attributes) {
    attributes.push_back(text("event.name", event));
    attributes.push_back(text("event.timestamp", time));
    attributes.push_back(text("conversation.id", "c-1"));
    attributes.push_back(text("model", "gpt-5.1"));
    return json{{"timeUnixNano", "1767600001000000000"}, {"attributes", attributes}};
  };
  const auto logs =
      read_logs({record("codex.user_prompt", "1", {text("prompt", "Go on")}),
                 record("codex.sse_event", "2", {text("event.kind", "response.output_text.delta")}),
                 record("codex.sse_event", "3",
                        {text("event.kind", "response.completed"), number("input_token_count", 100),
                         number("cached_token_count", 40), number("output_token_count", 10),
                         number("reasoning_token_count", 5), number("tool_token_count", 110)}),
                 record("codex.tool_result", "4",
                        {text("tool_name", "shell"), text("call_id", "t1"), text("arguments", "ls"),
                         text("success", "true"), text("output", "fine")}),
                 record("codex.user_prompt", "5", {text("prompt", "Go on")})});
  REQUIRE(logs);
  CHECK(ids_of(*logs) == Lines{"prompt.1 Go on", "3.usage *A call of the model; no content was exported*",
                               "tool.t1 **shell** `ls`\n\n```\nfine\n```", "prompt.5 Go on"});
  CHECK(model::conversation_id(logs->spans[0].events[0].event) == "otel:c-1");
  const auto& used = std::get<model::MessageCreated>(logs->spans[1].events.back().event.body);
  CHECK(used.model == "gpt-5.1");
  CHECK(used.input_tokens == 60);
  CHECK(used.cache_read_tokens == 40);
  CHECK(used.output_tokens == 10);
  CHECK(used.tokens_used == 110);
}

TEST_CASE("a body that is no request is refused as a whole; an empty one is fine") {
  const auto reason = [](const std::string& body) {
    const auto trace = formats::read_otlp(body, {{}, base::Timestamp{}});
    return trace ? "fine" : trace.error().reason;
  };
  CHECK(reason("{}") == "fine");
  CHECK(reason("") == "invalid_json");
  CHECK(reason("[1]") == "invalid_json");
  CHECK(reason(R"({"resourceSpans":{}})") == "bad_field");
  CHECK(formats::read_otlp_logs(R"({"resourceLogs":1})", {{}, base::Timestamp{}}).error().reason ==
        "bad_field");
}
