#include <future>

#include "agentpipe/service/traces.hpp"
#include "service_bench.hpp"

using namespace agentpipe;
using model::SpanEvent;
using Lines = std::vector<std::string>;

namespace {

SpanEvent said(const std::string& id, const std::string& content,
               SpanEvent::Needed needed = SpanEvent::Needed::always) {
  model::MessageCreated message;
  message.conversation_id = "c";
  message.message_id = id;
  message.agent_id = "a";
  message.agent_type = "openai";
  message.role = "assistant";
  message.content = content;
  return {needed, {base::Timestamp(base::Milliseconds(1'767'600'000'000)), message}};
}

struct Scene : test::ServiceBench {
  model::Trace next;
  service::ReadTrace read = [this](std::string_view) { return next; };
  service::Traces traces{*store, clock, {read, read}};

  std::string take(model::Trace trace, service::Signal signal = service::Signal::traces) {
    next = std::move(trace);
    std::promise<base::Result<service::TraceReply>> promise;
    traces.take(signal, "",
                [&](base::Result<service::TraceReply> reply) { promise.set_value(std::move(reply)); });
    const auto reply = promise.get_future().get();
    return reply ? std::to_string(reply->spans) + " " + reply->json : reply.error().message;
  }
  Lines contents() {
    Lines lines;
    const auto page = store->messages({.session_id = "c"}).value();
    for (const auto& message : page.messages) lines.push_back(message.body.content);
    return lines;
  }
};

}  // namespace

TEST_CASE("what the model said earlier is stored only in a conversation that is new; a retry adds nothing") {
  const auto old = SpanEvent::Needed::by_new_conversation;
  Scene scene;
  const model::Trace first{{{{said("1", "earlier", old), said("2", "one")}}}};
  const model::Trace second{{{{said("3", "one", old), said("4", "two")}}}};
  for (int attempt = 0; attempt < 2; ++attempt) {
    CHECK(scene.take(first) == "1 {}");
    CHECK(scene.take(second) == "1 {}");
    CHECK(scene.contents() == Lines{"earlier", "one", "two"});
  }
}

TEST_CASE("within a request, too: what several spans give is stored once") {
  Scene scene;
  const auto old = SpanEvent::Needed::by_new_conversation;
  const model::Trace both{{{{said("1", "prompt"), said("2", "one")}},
                           {{said("1", "prompt"), said("3", "one", old), said("4", "two")}},
                           {{said("4", "two")}}}};
  CHECK(scene.take(both) == "3 {}");
  CHECK(scene.contents() == Lines{"prompt", "one", "two"});
}

TEST_CASE("a conversation that began with an error still gets its prompt from the first call") {
  Scene scene;
  const auto started = [](const std::string& prompt) {
    model::ConversationStarted start;
    start.conversation_id = "c";
    start.mode = "agent";
    start.initial_prompt = prompt;
    return SpanEvent{SpanEvent::Needed::by_new_conversation, {base::Timestamp{}, start}};
  };
  CHECK(scene.take({{{{started("")}}, {{started("Weather?"), said("1", "one")}}}}) == "2 {}");
  CHECK(scene.store->session("c").value().session.initial_prompt == "Weather?");
}

TEST_CASE("what was asked may come after what the call used, and names the conversation then") {
  Scene scene;
  model::ConversationStarted start;
  start.conversation_id = "c";
  start.mode = "agent";
  const SpanEvent nameless{SpanEvent::Needed::by_new_conversation, {base::Timestamp{}, start}};
  start.initial_prompt = "Weather?";
  const SpanEvent named{SpanEvent::Needed::by_new_conversation, {base::Timestamp{}, start}};
  const auto prompt = [&] { return scene.store->session("c").value().session.initial_prompt; };
  CHECK(scene.take({{{{nameless, said("1", "used")}}}}) == "1 {}");
  CHECK(prompt().empty());
  CHECK(scene.take({{{{named, said("2", "one")}}, {{named, said("3", "two")}}}}, service::Signal::logs) ==
        "2 {}");
  CHECK(prompt() == "Weather?");
  CHECK(scene.contents() == Lines{"used", "one", "two"});
}

TEST_CASE("log records that could not be read are counted by their name") {
  Scene scene;
  CHECK(scene.take({{}, 2, "Log record \"x\": no."}, service::Signal::logs) ==
        R"(2 {"partialSuccess":{"rejectedLogRecords":"2","errorMessage":"Log record \"x\": no."}})");
}

TEST_CASE("spans that the store refuses count as rejected beside those that could not be read") {
  Scene scene;
  CHECK(scene.take({{{{said("1", "one")}}}, 1, "Span \"x\": no."}) ==
        R"(2 {"partialSuccess":{"rejectedSpans":"1","errorMessage":"Span \"x\": no."}})");
  const auto refused = scene.take({{{{said("1", "other")}}, {{said("2", "two")}}}});
  CHECK(refused.starts_with(R"(2 {"partialSuccess":{"rejectedSpans":"1","errorMessage":")"));
  CHECK(scene.contents() == Lines{"one", "two"});
}

TEST_CASE("of a call that several log records tell each is counted, stored or refused") {
  Scene scene;
  CHECK(scene.take({{{{said("1", "one")}, 3}}}, service::Signal::logs) == "3 {}");
  const auto refused =
      scene.take({{{{said("1", "other")}, 3}, {{said("2", "two")}, 2}}}, service::Signal::logs);
  CHECK(refused.starts_with(R"(5 {"partialSuccess":{"rejectedLogRecords":"3","errorMessage":")"));
}

TEST_CASE("what is none of a conversation is told to whoever counts it") {
  Scene scene;
  scene.next.passed_over = 4;
  std::uint64_t passed_over = 0;
  scene.traces.take(service::Signal::logs, "", [&](const base::Result<service::TraceReply>& reply) {
    REQUIRE(reply);
    passed_over = reply->passed_over;
  });
  CHECK(passed_over == 4);
}
