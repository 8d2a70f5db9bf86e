#include "store_bench.hpp"

using namespace agentpipe;
using namespace agentpipe::test;
using store::Outcome;

TEST_CASE("a message comes back with every field it was sent with") {
  StoreBench bench;
  model::MessageCreated full = message("m-1");
  full.agent_name = "Ada";
  full.agent_version = "2";
  full.sequence_number = 7;
  full.turn_number = 0;
  full.tokens_used = 21;
  full.input_tokens = 1;
  full.output_tokens = 2;
  full.cache_read_tokens = 3;
  full.cache_write_tokens = 4;
  full.reasoning_tokens = 5;
  full.cost = 0.0125;
  full.cost_kind = "estimated";
  full.model = "opus";
  full.duration_ms = 830;
  full.parent_message_id = "m-0";
  full.machine = "desk";
  full.parts = {R"([{"type":"text"}])"};
  full.metadata = {R"({"a":1})"};
  full.client = {R"({"name":"x"})"};
  full.extra = {R"({"odd":null})"};
  bench.add(1, full);
  const auto stored = bench.messages();
  REQUIRE(stored.size() == 1);
  CHECK(stored[0].body == full);
  CHECK(stored[0].at == at(1));
  CHECK(stored[0].sequence == 7);
  CHECK(stored[0].log_number == 1);
}

TEST_CASE("an empty content and a content with a NUL byte are kept, as the engine can") {
  StoreBench bench;
  const std::string with_nul("a\0b", 3);
  bench.add(1, message("m-1", ""));
  bench.add(2, message("m-2", with_nul));
  CHECK(bench.messages()[0].body.content.empty());
  CHECK(bench.messages()[1].body.content == "a" + std::string(Engine::k_nul) + "b");
}

TEST_CASE("the same message again is a duplicate with the first one's number and changes nothing") {
  StoreBench bench;
  CHECK(bench.add(1, message("m-1")).outcome == Outcome::created);
  bench.add(2, message("m-2"));
  const auto before = bench.session();
  const auto again = bench.add(9, message("m-1"), 2000);
  CHECK(again.outcome == Outcome::duplicate);
  CHECK(again.number == 1);
  CHECK(again.conversation_id == "c-1");
  CHECK(again.message_id == "m-1");
  CHECK(bench.session().totals == before.totals);
  CHECK(bench.session().updated_at == before.updated_at);
  CHECK(bench.log().size() == 2);
}

TEST_CASE("a message that comes again with more tokens gets them, and so do the totals and metrics") {
  StoreBench bench;
  auto partial = message("m-1");
  partial.input_tokens = 12;
  partial.output_tokens = 1;
  partial.cost = 0.25;
  bench.add(1, partial);
  auto whole = partial;
  whole.output_tokens = 42;
  whole.cost = 0.75;
  whole.model = "claude-opus-4-8";
  const auto again = bench.add(9, whole);
  CHECK(again.outcome == Outcome::duplicate);
  CHECK(again.number == 1);
  CHECK(bench.add(10, partial).outcome == Outcome::duplicate);  // fewer: an earlier account
  const auto kept = bench.messages().at(0).body;
  CHECK(kept.output_tokens == 42);
  CHECK(kept.cost == 0.75);
  CHECK(kept.model == "claude-opus-4-8");
  const auto totals = bench.session().totals;
  CHECK(totals.messages == 1);
  CHECK(totals.tokens == 54);
  CHECK(totals.output_tokens == 42);
  CHECK(totals.cost == 0.75);
  CHECK(bench.log().size() == 1);
}

TEST_CASE("a message sent again without what the store filled in is a duplicate") {
  StoreBench bench;
  bench.add(0, started());
  auto bare = message("m-1");
  bare.agent_id.clear();
  bench.add(1, bare);
  bench.add(2, message("m-2"));
  CHECK(bench.add(1, bare).outcome == Outcome::duplicate);
}

TEST_CASE("the same message id with other content, role or agent is a conflict") {
  StoreBench bench;
  bench.add(1, message("m-1"));
  auto other_role = message("m-1");
  other_role.role = "user";
  auto other_agent = message("m-1");
  other_agent.agent_id = "claude-1";
  for (const auto& other : {message("m-1", "Main"), other_role, other_agent}) {
    const auto refused = bench.append({event(1, other)});
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == base::ErrorCode::conflict);
    CHECK(refused.error().reason == "message_conflict");
    CHECK(refused.error().field == "data.message_id");
  }
  CHECK(bench.log().size() == 1);
  CHECK(names(bench.session().participants) == "claude-0 claude -");
}

TEST_CASE("the same message id in another conversation is another message") {
  StoreBench bench;
  bench.add(1, message("m-1"));
  auto other = message("m-1", "Main");
  other.conversation_id = "c-2";
  CHECK(bench.add(1, other).outcome == Outcome::created);
}

TEST_CASE("a message without a sequence number follows the highest one") {
  StoreBench bench;
  auto fifth = message("m-5");
  fifth.sequence_number = 5;
  bench.add(1, message("m-1"));
  bench.add(2, fifth);
  bench.add(3, message("m-6"));
  auto second = message("m-2");
  second.sequence_number = 2;
  bench.add(4, second);
  bench.add(5, message("m-7"));
  std::string order;
  for (const auto& m : bench.messages()) order += m.body.message_id + ":" + std::to_string(m.sequence) + " ";
  CHECK(order == "m-1:1 m-2:2 m-5:5 m-6:6 m-7:7 ");
}

TEST_CASE("messages with one sequence number stand in the order in which they came") {
  StoreBench bench;
  for (const char* id : {"b", "a", "c"}) {
    auto same = message(id);
    same.sequence_number = 1;
    bench.add(1, same);
  }
  std::string order;
  for (const auto& m : bench.messages()) order += m.body.message_id;
  CHECK(order == "bac");
}

TEST_CASE("a message without an agent id finds its participant and its name") {
  StoreBench bench;
  bench.add(0, started());
  auto bare = message("m-1");
  bare.agent_id.clear();
  bench.add(1, bare);
  CHECK(bench.messages()[0].body.agent_id == "claude-0");
  CHECK(bench.messages()[0].body.agent_name == "Ada");
  CHECK(bench.published().back()->event == event(1, bench.messages()[0].body));
}

TEST_CASE("an unknown agent joins the participants, so that two of one type stay two") {
  StoreBench bench;
  bench.add(0, started());
  auto bob = message("m-1");
  bob.agent_id = "claude-1";
  bob.agent_name = "Bob";
  bob.model = "opus";
  bench.add(1, bob);
  bench.reopen();
  bench.add(2, message("m-2"));
  CHECK(names(bench.session().participants) == "claude-0 claude Ada, claude-1 claude Bob");
  CHECK(bench.session().participants[1].model == "opus");
}

TEST_CASE("a participant without a model gets the one that its first message names") {
  StoreBench bench;
  bench.add(0, started());
  for (const char* model : {"opus", "haiku"}) {
    auto told = message(model);
    told.model = model;
    bench.add(1, told);
  }
  CHECK(bench.session().participants[0].model == "opus");
}

TEST_CASE("a named request may come again, but not with another body") {
  StoreBench bench;
  const auto send = [&](const std::string& name, const std::string& body, int second) {
    std::promise<base::Result<store::Appended>> answer;
    store::Append request{{event(1, message("m-" + body))}, at(second), store::Source::cli_stream, {}};
    request.idempotency = store::Idempotency{base::sha256(name), base::sha256(body)};
    bench->append(std::move(request), [&](auto result) { answer.set_value(std::move(result)); });
    const auto result = answer.get_future().get();
    return result ? std::string("stored") : result.error().reason;
  };
  CHECK(send("name", "one", 0) == "stored");
  CHECK(send("name", "one", 1) == "stored");
  CHECK(send("name", "two", 2) == "idempotency_conflict");
  CHECK(send("other", "two", 3) == "stored");
  CHECK(send("name", "three", 25 * 3600) == "stored");
  CHECK(bench.messages().size() == 3);
}
