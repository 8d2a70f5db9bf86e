#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <string>

#include "agentpipe/model/codec.hpp"
#include "agentpipe/model/limits.hpp"
#include "agentpipe/redact/redactor.hpp"
#include "rules.hpp"

namespace model = agentpipe::model;
using agentpipe::redact::OwnPattern;
using agentpipe::redact::Redactor;

namespace {

const std::string k_key = "sk-a1B2c3D4e5F6g7H8i9J0";
const std::string k_mark = "[redacted:openai-key]";

std::string event_of(const std::string& type, const std::string& data) {
  return R"({"type":")" + type + R"(","timestamp":"2026-01-05T08:00:04.000Z","data":)" + data + "}";
}

std::string redacted(const std::string& type, const std::string& data,
                     const Redactor& redactor = Redactor()) {
  auto event = model::decode_event(event_of(type, data), {});
  REQUIRE(event);
  redactor.redact(*event);
  const auto json = model::encode_event(*event);
  CHECK(model::decode_event(json, {}));
  return model::encode_data(*event);
}

/// Redacts the event and expects every `k_key` in it, and nothing else, to have changed.
void check_all_replaced(const std::string& type, const std::string& data) {
  std::string wanted = data;
  for (auto at = wanted.find(k_key); at != std::string::npos; at = wanted.find(k_key))
    wanted.replace(at, k_key.size(), k_mark);
  CHECK(redacted(type, data) == wanted);
}

}  // namespace

TEST_CASE("every text of an event is looked at, unknown fields too") {
  const auto& k = k_key;
  check_all_replaced(
      "conversation.started",
      R"({"conversation_id":"c-1","mode":"m","initial_prompt":"use )" + k +
          R"(","participants":[{"agent_id":"a-0","agent_type":"a","name":"n )" + k + R"(","prompt":")" + k +
          R"(","settings":{"x":[")" + k + R"("]},"odd":")" + k + R"("}],"system_info":{"os":")" + k +
          R"("},"command":{"args":["run",")" + k + R"("]},"name":")" + k + R"(","cwd":"/)" + k +
          R"(","metadata":{"deep":{"deeper":["x",")" + k + R"("]}},"unknown":{"y":")" + k + R"("}})");
  check_all_replaced(
      "message.created",
      R"({"conversation_id":"c-1","message_id":"m-1","agent_id":"a-0","agent_type":"a","role":"agent","content":"é )" +
          k + R"( \" \\ ","parts":[{"type":"tool_call","input":{"q":"a\nb )" + k +
          R"("}}],"metadata":{"n":1,"t":true,"z":null,"s":")" + k + R"("}})");
  check_all_replaced("conversation.completed",
                     R"({"conversation_id":"c-1","status":"completed","summary":{"short_text":")" + k +
                         R"(","text":")" + k + R"("}})");
  check_all_replaced("conversation.error",
                     R"({"conversation_id":"c-1","error_message":"401 for )" + k + R"("})");
  check_all_replaced("log.entry", R"({"conversation_id":"c-1","level":"system","content":")" + k +
                                      R"(","metadata":{"a":")" + k + R"("}})");
}

TEST_CASE("ids of conversations and messages are never changed") {
  const std::string id = "ap_live_a1B2c3D4e5F6g7H8i9J0";
  const std::string data =
      R"({"conversation_id":")" + id + R"(","message_id":")" + id +
      R"(","agent_id":"a","agent_type":"a","role":"agent","content":"x","parent_message_id":")" + id +
      R"("})";
  CHECK(redacted("message.created", data) == data);
}

TEST_CASE("in JSON a name gives its value away, and a flag the argument behind it") {
  const auto parts = [](const std::string& json) {
    const std::string before =
        R"({"conversation_id":"c","message_id":"m","agent_id":"a","agent_type":"a","role":"r","content":"","parts":[)";
    const auto data = redacted("message.created", before + json + "]}");
    return data.substr(before.size(), data.size() - before.size() - 2);
  };
  CHECK(parts(R"({"password":"correct horse"})") == R"({"password":"[redacted:password]"})");
  CHECK(parts(R"({"env":{"STRIPE_API_KEY":"a1b2c3d4e5"}})") ==
        R"({"env":{"STRIPE_API_KEY":"[redacted:secret]"}})");
  CHECK(parts(R"({"args":["--api-key","x","-v","x"]})") ==
        R"({"args":["--api-key","[redacted:secret]","-v","x"]})");
  CHECK(parts(R"({"command":"run --api-key x"})") == R"({"command":"run --api-key [redacted:api-key]"})");
  CHECK(parts(R"({"command":"curl -u ada:pw https://h"})") ==
        R"({"command":"curl -u ada:[redacted:password] https://h"})");
  CHECK(parts(R"({"text":"run --api-key x"})") == R"({"text":"run --api-key x"})");
  CHECK(parts(R"({"t":")"
              "\\u0073k-a1B2c3D4e5F6g7H8i9J0"
              R"("})") == R"({"t":"[redacted:openai-key]"})");
  const std::string harmless =
      R"({"token":"identifier","tokens":17,"password":"${PASSWORD}","pwd":"/home/a","id":"toolu_01"})";
  CHECK(parts(harmless) == harmless);
}

TEST_CASE("every name of something secret is found in JSON, however it is written") {
  const std::string value = "hunter2X9";
  const auto check_found = [&value](const std::string& name) {
    CAPTURE(name);
    const std::string before = R"({"conversation_id":"c","level":"system","content":"","metadata":{")" + name;
    CHECK(
        redacted("log.entry", before + R"(":")" + value + R"("}})").starts_with(before + R"(":"[redacted:)"));
  };
  for (const auto ending : agentpipe::redact::secret_names()) {
    // "pwd" as a whole is a folder; headers have no beginning of their own.
    std::string name(ending);
    if (!name.ends_with("authorization")) name = "db" + name;
    check_found(name);
    const auto upper = [](char c) { return static_cast<char>(std::toupper(static_cast<unsigned char>(c))); };
    name.back() = upper(name.back());
    check_found(name);
    std::ranges::transform(name, name.begin(), upper);
    check_found(name);
  }
}

TEST_CASE("two secrets as keys of one object stay two keys") {
  const std::string data = R"({"conversation_id":"c","level":"system","content":"","metadata":{")" + k_key +
                           R"(":1,")" + k_key + R"(x":2}})";
  CHECK(
      redacted("log.entry", data) ==
      R"({"conversation_id":"c","level":"system","content":"","metadata":{"[redacted:openai-key] 1":1,"[redacted:openai-key] 2":2}})");
}

TEST_CASE("nothing grows above what the server takes") {
  model::Event event{{}, model::MessageCreated{}};
  auto& message = std::get<model::MessageCreated>(event.body);
  message.conversation_id = "c";
  message.agent_name.emplace();
  while (message.agent_name->size() + 12 <= model::k_max_label) *message.agent_name += "PASSWORD=x ";
  Redactor().redact(event);
  CHECK(message.agent_name->size() == model::k_max_label);
}

TEST_CASE("own patterns replace their group, or all that matches, and leave valid UTF-8") {
  const std::vector<OwnPattern> own = {
      {"badge", "badge ([0-9]+)"}, {"plant", "(?i)hall-[a-z]"}, {"half", "x\\C"}};
  std::string text = "badge 1234 in Hall-B, badge 77";
  const auto report = Redactor(std::span(own).first(2)).redact(text);
  CHECK(text == "badge [redacted:badge] in [redacted:plant], badge [redacted:badge]");
  CHECK(sentence(report) == "3 secrets replaced (2 badge, 1 plant)");
  CHECK(redacted("log.entry", R"({"conversation_id":"c","level":"system","content":"x日"})",
                 Redactor(std::span(own).last(1))) ==
        R"({"conversation_id":"c","level":"system","content":"[redacted:half]��"})");
}

TEST_CASE("own patterns that cannot work are refused with the reason") {
  const auto reason = [](const OwnPattern& own) {
    const auto checked = agentpipe::redact::check(own);
    return checked ? std::string() : checked.error().message;
  };
  CHECK(reason({"badge", "badge [0-9]+"}) == "");
  CHECK(reason({"", "x"}) == "kind must be 1 to 32 of a-z, 0-9 and -");
  CHECK(reason({"Badge]", "x"}) == "kind must be 1 to 32 of a-z, 0-9 and -");
  CHECK(reason({"badge", ""}) == "pattern must have 1 to 1000 bytes");
  CHECK(reason({"badge", std::string(1001, 'x')}) == "pattern must have 1 to 1000 bytes");
  CHECK(reason({"badge", "(x"}) == "pattern: missing ): (x");
  CHECK(reason({"badge", "x*"}) == "pattern matches an empty text; ask for one character at least");
}
