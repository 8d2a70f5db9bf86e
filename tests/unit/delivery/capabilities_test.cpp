#include "agentpipe/delivery/capabilities.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "agentpipe/model/codec.hpp"
#include "scripted_transport.hpp"

using namespace agentpipe;
using delivery::Capabilities;
using delivery::capabilities_from;
using delivery::Dialect;
using nlohmann::json;

namespace {

constexpr const char* k_event_time = "2026-01-05T08:00:04.000Z";

std::string event(const std::string& type, json data) {
  return json{{"type", type}, {"timestamp", k_event_time}, {"data", std::move(data)}}.dump();
}

json plain_data(const std::string& text) {
  const auto sent = delivery::translate(Capabilities{}, text);
  REQUIRE(sent);
  return json::parse(sent->event)["data"];
}

std::size_t utf16_units(const std::string& text) {
  std::size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) != 0x80U) units += byte >= 0xF0 ? 2 : 1;
  }
  return units;
}

}  // namespace

TEST_CASE(
    "our server is known by its name; any other health means the plain dialect; an outage means nothing") {
  using test::answer;
  CHECK(capabilities_from(answer(
            200, R"({"status":"ok","service":"agentpipe-web","capabilities":["conversation.updated",7]})")) ==
        Capabilities{Dialect::own, {"conversation.updated"}});
  CHECK(capabilities_from(answer(200, R"({"service":"agentpipe-web"})")) == Capabilities{Dialect::own, {}});
  CHECK(capabilities_from(answer(503, R"({"service":"agentpipe-web"})")) == Capabilities{Dialect::own, {}});
  CHECK(capabilities_from(answer(200, R"({"status":"healthy","checks":{}})")) == Capabilities{});
  CHECK(capabilities_from(answer(404, "<html>")) == Capabilities{});
  CHECK(capabilities_from(answer(405, "")) == Capabilities{});
  CHECK_FALSE(capabilities_from(answer(200, "<html>please log in</html>")));
  CHECK_FALSE(capabilities_from(answer(200, "{}")));
  CHECK_FALSE(capabilities_from(answer(200, R"({"status":200})")));
  CHECK_FALSE(capabilities_from(answer(401, "{}")));
  CHECK_FALSE(capabilities_from(answer(503, "{}")));
  CHECK_FALSE(capabilities_from(answer(302, "")));
  CHECK_FALSE(capabilities_from(test::network_fault(delivery::NetworkFault::connect)));
}

TEST_CASE("our server is sent every event as it is, except an update that it does not list") {
  const std::string update = event("conversation.updated", {{"conversation_id", "c"}, {"name", "n"}});
  const std::string message = event("message.created", {{"conversation_id", "c"},
                                                        {"message_id", "m"},
                                                        {"agent_type", "claude"},
                                                        {"content", "about conversation.updated"}});
  const Capabilities old{Dialect::own, {}};
  const Capabilities current{Dialect::own, {"conversation.updated"}};
  CHECK_FALSE(delivery::translate(old, update));
  CHECK(delivery::translate(current, update)->event == update);
  CHECK(delivery::translate(old, message)->event == message);
}

TEST_CASE(
    "a message that comes again with its account goes to our server alone: others would store it twice") {
  json data = {{"conversation_id", "c"}, {"message_id", "m"}, {"agent_type", "claude"}, {"content", "x"}};
  data["metadata"] = json::parse(model::k_account_again);
  const auto again = event("message.created", data);
  CHECK_FALSE(delivery::translate(Capabilities{}, again));
  CHECK(delivery::translate(Capabilities{Dialect::own, {}}, again)->event == again);
}

TEST_CASE("the plain dialect has six events") {
  const std::string id = "c-1";
  for (const char* type : {"log.entry", "turn.started", "turn.completed", "conversation.updated"}) {
    CAPTURE(type);
    CHECK_FALSE(delivery::translate(
        Capabilities{},
        event(type, {{"conversation_id", id}, {"level", "system"}, {"content", "x"}, {"name", "n"}})));
  }
  CHECK(plain_data(event("conversation.error", {{"conversation_id", id}, {"error_message", "x"}})) ==
        json{{"conversation_id", id}, {"error_message", "x"}});
}

TEST_CASE(
    "for the plain dialect the system information is complete and says unknown where nothing is known") {
  const json unknown = {{"agentpipe_version", "unknown"},
                        {"os", "unknown"},
                        {"os_version", "unknown"},
                        {"go_version", "unknown"},
                        {"architecture", "unknown"}};
  const json started = {{"conversation_id", "c"},
                        {"mode", "reactive"},
                        {"initial_prompt", ""},
                        {"participants", json::array()}};
  CHECK(plain_data(event("conversation.started", started))["system_info"] == unknown);
  CHECK(plain_data(event("bridge.test", json::object()))["system_info"] == unknown);
  const json connected = plain_data(
      event("bridge.connected", {{"system_info", {{"os", "linux"}, {"arch", "arm64"}, {"os_version", 12}}}}));
  CHECK(connected["connected_at"] == k_event_time);
  CHECK(connected["system_info"] == json{{"agentpipe_version", "unknown"},
                                         {"os", "linux"},
                                         {"os_version", "unknown"},
                                         {"go_version", "unknown"},
                                         {"arch", "arm64"},
                                         {"architecture", "arm64"}});
}

TEST_CASE("for the plain dialect a summary never lacks a number and is not too long") {
  const json completed = {
      {"conversation_id", "c"},
      {"status", "completed"},
      {"summary",
       {{"text", std::string(20'000, 't')}, {"short_text", std::string(2'000, 's')}, {"input_tokens", 3}}}};
  const json summary = plain_data(event("conversation.completed", completed))["summary"];
  CHECK(summary["agent_type"] == "unknown");
  CHECK(summary["model"] == "");
  CHECK(summary["input_tokens"] == 3);
  CHECK(summary["output_tokens"] == 0);
  CHECK(summary["total_tokens"] == 3);
  CHECK(summary["cost"] == 0);
  CHECK(summary["duration_ms"] == 0);
  CHECK(summary["text"].get<std::string>().size() <= 10'000);
  CHECK(summary["short_text"].get<std::string>().size() <= 1'000);
}

TEST_CASE(
    "for the plain dialect a content of 100,000 UTF-16 units is whole, a longer one is cut and says so") {
  const auto message = [](const std::string& content) {
    return event(
        "message.created",
        {{"conversation_id", "c"}, {"message_id", "m"}, {"agent_type", "claude"}, {"content", content}});
  };
  const auto translated = [&](const std::string& content) {
    return *delivery::translate(Capabilities{}, message(content));
  };
  using Content = delivery::Translated::Content;
  std::string emoji;
  for (int i = 0; i < 50'000; ++i) emoji += "\xF0\x9F\x98\x80";
  CHECK(translated(std::string(100'000, 'x')).content == Content::whole);
  CHECK(translated(emoji).content == Content::whole);
  for (const std::string& content : {std::string(100'001, 'x'), emoji + "x", emoji + emoji}) {
    const auto sent = translated(content);
    CHECK(sent.content == Content::shortened);
    const auto text = json::parse(sent.event)["data"]["content"].get<std::string>();
    CHECK(utf16_units(text) <= 100'000);
    CHECK(text.ends_with(" more characters are in the original session]"));
  }
}
