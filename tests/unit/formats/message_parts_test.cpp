#include "message_parts.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "agentpipe/model/codec.hpp"
#include "agentpipe/model/limits.hpp"

using namespace agentpipe;
using formats::MessageParts;

namespace {

model::MessageCreated made(MessageParts parts) {
  model::MessageCreated message;
  message.conversation_id = message.message_id = "x";
  message.agent_type = "a";
  message.role = "assistant";
  parts.move_into(message);
  return message;
}

/// Its length as one event, which must still be one.
std::size_t event_size(MessageParts parts) {
  const auto json = model::encode_event({{}, made(std::move(parts))});
  CHECK(model::decode_event(json, {}));
  return json.size();
}

}  // namespace

TEST_CASE("text alone needs no parts") {
  MessageParts parts;
  parts.text("Hello");
  parts.text("again");
  const auto message = made(std::move(parts));
  CHECK(message.content == "Hello\n\nagain");
  CHECK(message.parts.empty());
}

TEST_CASE("every kind of part is there in order, and the content reads alone") {
  MessageParts parts;
  parts.thinking("hm");
  parts.text("Look:");
  parts.tool_call({"t1", "Bash", R"({"command":"ls `x`"})"});
  parts.tool_call({"t2", "Custom", "{free text", formats::ToolCall::Input::text});
  parts.tool_result({"t1", "Bash", "```\nout", formats::ToolResult::Outcome::failed});
  parts.image("image/png", 2000);
  parts.notice("compacted", "The conversation was compacted.");
  const auto message = made(std::move(parts));
  CHECK(message.parts.text ==
        R"([{"type":"thinking","text":"hm"},{"type":"text","text":"Look:"},)"
        R"({"type":"tool_call","call_id":"t1","name":"Bash","input":{"command":"ls `x`"}},)"
        R"({"type":"tool_call","call_id":"t2","name":"Custom","input":"{free text"},)"
        R"({"type":"tool_result","call_id":"t1","name":"Bash","is_error":true,"output":"```\nout"},)"
        R"({"type":"image","media_type":"image/png","bytes":2000},)"
        R"({"type":"notice","kind":"compacted","text":"The conversation was compacted."}])");
  CHECK(message.content ==
        "Look:\n\n**Bash** `{\"command\":\"ls 'x'\"}`\n\n**Custom** `{free text`\n\n**Failed**\n\n"
        "````\n```\nout\n````\n\n*image, image/png, 2.0 kB*\n\nThe conversation was compacted.");
}

TEST_CASE("a long output stands whole in its part and cut in the content") {
  MessageParts parts;
  const std::string output(100'000, 'x');
  parts.tool_result({"t", "", output});
  const auto message = made(std::move(parts));
  CHECK(message.content.size() < 17'000);
  CHECK(message.content.find("… (83,616 more bytes)") != std::string::npos);
  CHECK(nlohmann::json::parse(message.parts.text)[0]["output"] == output);
}

TEST_CASE("whatever comes in, the event stays within the protocol's limits") {
  for (const std::string& text :
       {std::string(3UL << 20U, 'x'), std::string(3UL << 20U, '\x01'), std::string(3UL << 20U, '"')}) {
    MessageParts parts;
    for (int i = 0; i < 8; ++i) {
      parts.text(text);
      parts.thinking(text);
      parts.tool_call({"t", "T", text, formats::ToolCall::Input::text});
      parts.tool_result({"t", "T", text});
    }
    CHECK(event_size(std::move(parts)) < model::k_max_event);
  }
}
