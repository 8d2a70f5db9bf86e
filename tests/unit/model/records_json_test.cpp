#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "agentpipe/model/records.hpp"

using namespace agentpipe;
using namespace agentpipe::model;
using nlohmann::json;

TEST_CASE("a session is titled by its name, else by the first line of its prompt") {
  Session session;
  session.id = "c1";
  session.started_at = *base::parse_rfc3339("2026-01-05T08:00:00Z");
  session.initial_prompt = "Sort <ints>\nand more";
  CHECK(json::parse(to_json(session))["name"] == "Sort <ints>…");
  session.name = "Sorting";
  CHECK(json::parse(to_json(session))["name"] == "Sorting");
}

TEST_CASE("an unknown cost is null, never zero") {
  Session session;
  CHECK(json::parse(to_json(session))["totalCost"].is_null());
  session.totals.cost = 0.0;
  CHECK(json::parse(to_json(session))["totalCost"] == 0.0);
}

TEST_CASE("what the client claims stands apart from what is stored") {
  Session session;
  CHECK(json::parse(to_json(session))["reported"].is_null());
  session.totals.messages = 4;
  session.reported.messages = 7;
  const auto object = json::parse(to_json(session));
  CHECK(object["totalMessages"] == 4);
  CHECK(object["reported"]["totalMessages"] == 7);
}

TEST_CASE("a note is a log entry or an error") {
  const Note error{
      7, 2,
      Event{*base::parse_rfc3339("2026-01-05T08:00:00Z"), ConversationError{.conversation_id = "c",
                                                                            .error_message = "boom",
                                                                            .error_type = "timeout",
                                                                            .agent_type = {},
                                                                            .agent_id = {},
                                                                            .machine = {},
                                                                            .client = {},
                                                                            .extra = {}}}};
  CHECK(json::parse(to_json(error)) ==
        json::parse(R"({"type":"conversation.error","timestamp":"2026-01-05T08:00:00.000Z",
    "logNumber":7,"afterSequence":2,"level":"error","agentId":null,"agentType":null,"errorType":"timeout","content":"boom"})"));
}
