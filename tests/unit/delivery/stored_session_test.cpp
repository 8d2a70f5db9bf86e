#include "agentpipe/delivery/stored_session.hpp"

#include <doctest/doctest.h>

#include "message_event.hpp"
#include "scripted_transport.hpp"

using namespace agentpipe;
using delivery::read_session;
using delivery::StoredSession;
using test::answer;
using test::message_event;

TEST_CASE("a session is asked for under its encoded name, as an answer that may be long") {
  const auto request = delivery::session_request("a/b");
  CHECK(request.method + " " + request.path == "GET /api/conversations/a%2Fb");
  CHECK(request.expected == delivery::Request::Expected::session);
}

TEST_CASE("what the existing server tells of a conversation: its state and the ids of its messages") {
  CHECK(read_session(answer(
            200, R"({"id":"c","status":"COMPLETED","messages":[{"id":"m-1","content":"x"},{"id":"m-2"},)"
                 R"({"id":7},5,{}]})")) == StoredSession{"COMPLETED", {"m-1", "m-2"}});
  CHECK(read_session(answer(200, R"({"id":"c"})")) == StoredSession{"ACTIVE", {}});
  CHECK(read_session(answer(200, R"({"id":"c","status":"ERROR","errorMessage":"too slow"})")) ==
        StoredSession{"ERROR", {}, "too slow"});
  CHECK(read_session(answer(404, R"({"error":"Conversation not found"})")) == StoredSession{});
}

TEST_CASE("an answer that is none says nothing about the conversation") {
  CHECK_FALSE(read_session(answer(404, "<html>")));
  CHECK_FALSE(read_session(answer(200, "<html>Welcome</html>")));
  CHECK_FALSE(read_session(answer(200, "{}")));
  CHECK_FALSE(read_session(answer(500, R"({"error":"Failed"})")));
  CHECK_FALSE(read_session(test::network_fault(delivery::NetworkFault::timeout)));
}

TEST_CASE("a beginning and messages can be told to be there, other events cannot") {
  const StoredSession session{"ACTIVE", {"c:m-1"}};
  CHECK(session.has({{}, model::ConversationStarted{}}));
  CHECK(session.has(message_event("m-1")));
  CHECK(session.has(message_event("c:m-1")));
  CHECK_FALSE(session.has(message_event("m-2")));
  CHECK_FALSE(session.has({{}, model::ConversationCompleted{}}));
  CHECK_FALSE(session.has({{}, model::ConversationError{}}));
  CHECK_FALSE(StoredSession{}.has({{}, model::ConversationStarted{}}));
}

TEST_CASE(
    "a message's id is unique over all conversations: its own when it is a UUID, else with the session's") {
  const auto id = [](const std::string& given) {
    return delivery::plain_message_id(std::get<model::MessageCreated>(message_event(given).body));
  };
  CHECK(id("7d1f0c52-0000-4000-8000-00000000000a") == "7d1f0c52-0000-4000-8000-00000000000a");
  CHECK(id("7D1F0C52-0000-4000-8000-00000000000A") == "7D1F0C52-0000-4000-8000-00000000000A");
  CHECK(id("7d1f0c52-0000-4000-8000-00000000000") == "c:7d1f0c52-0000-4000-8000-00000000000");
  CHECK(id("7d1f0c52-0000-4000-8000x00000000000a") == "c:7d1f0c52-0000-4000-8000x00000000000a");
  CHECK(id("call_1") == "c:call_1");
  CHECK(id("c:call_1") == "c:call_1");
}
