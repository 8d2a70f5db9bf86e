#include "store_bench.hpp"

using namespace agentpipe;
using namespace agentpipe::test;
using store::Outcome;

TEST_CASE("a started conversation is shown with what its event told") {
  StoreBench bench;
  auto told = started();
  told.max_turns = 4;
  told.name = "Rivers";
  told.source_format = "claude-code";
  told.machine = "desk";
  told.cwd = "/src";
  told.git_branch = "main";
  told.parent_conversation_id = "c-0";
  told.system_info = {R"({"os":"linux"})"};
  told.command = {R"({"mode":"reactive"})"};
  told.metadata = {R"({"a":1})"};
  CHECK(bench.add(10, told, 20).outcome == Outcome::created);
  const model::Session session = bench.session();
  CHECK(session.id == "c-1");
  CHECK(session.name == "Rivers");
  CHECK(session.mode == "reactive");
  CHECK(session.status == model::Status::active);
  CHECK(session.source == "cli-stream");
  CHECK(session.source_format == "claude-code");
  CHECK(session.machine == "desk");
  CHECK(session.started_at == at(10));
  CHECK_FALSE(session.completed_at.has_value());
  CHECK(session.created_at == at(20));
  CHECK(session.updated_at == at(20));
  CHECK(session.last_event_at == at(10));
  CHECK(session.initial_prompt == "Name three rivers");
  CHECK(session.max_turns == 4);
  CHECK(session.totals == model::Totals{});
  CHECK(session.reported.empty());
  CHECK_FALSE(session.summary.has_value());
  CHECK(session.participants == told.participants);
  CHECK(session.system_info == told.system_info);
  CHECK(session.command == told.command);
  CHECK(session.metadata == told.metadata);
  CHECK(session.cwd == "/src");
  CHECK(session.git_branch == "main");
  CHECK(session.parent_conversation_id == "c-0");
}

TEST_CASE("a message before its conversation makes a placeholder that the start fills in") {
  StoreBench bench;
  CHECK(bench.add(5, message("m-1")).outcome == Outcome::created);
  CHECK(bench.session().status == model::Status::active);
  CHECK(bench.session().started_at == at(5));
  CHECK(names(bench.session().participants) == "claude-0 claude -");
  auto late = started();
  late.participants = {participant("gemini-0", "gemini"), participant("claude-0", "claude", "Ada")};
  CHECK(bench.add(3, late).outcome == Outcome::created);
  CHECK(bench.session().started_at == at(3));
  CHECK(bench.session().initial_prompt == "Name three rivers");
  CHECK(bench.session().totals.messages == 1);
  CHECK(names(bench.session().participants) == "gemini-0 gemini -, claude-0 claude Ada");
}

TEST_CASE("a placeholder takes its source from the request") {
  StoreBench bench;
  REQUIRE(bench.append({event(1, message("m-1"))}, 1, store::Source::cli_upload).has_value());
  CHECK(bench.session().source == "cli-upload");
}

TEST_CASE("the same start again is a duplicate") {
  StoreBench bench;
  bench.add(1, started());
  bench.reopen();
  const auto again = bench.add(1, started(), 2000);
  CHECK(again.outcome == Outcome::duplicate);
  CHECK(again.number == 0);
  CHECK(bench.log().size() == 1);
  CHECK(bench.session().updated_at == at(1000));
}

TEST_CASE("another start fills in what is missing and overwrites nothing") {
  StoreBench bench;
  bench.add(1, started());
  auto more = started();
  more.mode = "free-form";
  more.initial_prompt = "Other";
  more.name = "Rivers";
  more.participants = {participant("codex-1", "codex")};
  CHECK(bench.add(9, more).outcome == Outcome::recorded);
  const model::Session session = bench.session();
  CHECK(session.mode == "reactive");
  CHECK(session.initial_prompt == "Name three rivers");
  CHECK(session.name == "Rivers");
  CHECK(session.started_at == at(1));
  CHECK(names(session.participants) == "codex-1 codex -, claude-0 claude Ada");
}

TEST_CASE("completion sets status, time, reported totals and summary, never our sums") {
  StoreBench bench;
  bench.add(1, started());
  bench.add(2, message("m-1"));
  auto end = completed();
  end.status = model::Status::interrupted;
  end.total_messages = 5;
  end.total_turns = 2;
  end.total_tokens = 100;
  end.total_cost = 0.5;
  end.duration_seconds = 1.5;
  end.summary.emplace();
  end.summary->text = "Three rivers";
  end.summary->cost = 0.25;
  CHECK(bench.add(9, end).outcome == Outcome::recorded);
  const model::Session session = bench.session();
  CHECK(session.status == model::Status::interrupted);
  CHECK(session.completed_at == at(9));
  CHECK(session.totals.messages == 1);
  CHECK(session.totals.tokens == 0);
  CHECK(session.reported == model::Reported{5, 2, 100, 0.5, 1500});
  CHECK(session.summary == end.summary);
}

TEST_CASE("a later completion without a summary keeps the earlier one") {
  StoreBench bench;
  auto first = completed();
  first.summary.emplace();
  first.summary->text = "Three rivers";
  first.total_turns = 2;
  bench.add(5, first);
  CHECK(bench.add(5, first).outcome == Outcome::duplicate);
  CHECK(bench.add(9, completed()).outcome == Outcome::recorded);
  CHECK(bench.session().summary == first.summary);
  CHECK(bench.session().completed_at == at(9));
  CHECK(bench.session().reported.turns == 2);
}

TEST_CASE("a message after the end is stored and counted, the status stays") {
  StoreBench bench;
  bench.add(1, completed());
  bench.add(2, message("m-1"));
  CHECK(bench.session().status == model::Status::completed);
  CHECK(bench.session().totals.messages == 1);
}

TEST_CASE("an error is counted and the newest shown, the conversation stays active") {
  StoreBench bench;
  model::ConversationError first;
  first.conversation_id = "c-1";
  first.error_message = "timeout";
  model::ConversationError second = first;
  second.error_message = "rate limit";
  CHECK(bench.add(1, first).outcome == Outcome::recorded);
  bench.add(2, second);
  CHECK(bench.add(1, first).outcome == Outcome::duplicate);
  CHECK(bench.session().totals.errors == 2);
  CHECK(bench.session().error_message == "rate limit");
  CHECK(bench.session().status == model::Status::active);
}

TEST_CASE("late facts change name, branch and reported totals") {
  StoreBench bench;
  bench.add(1, started());
  model::ConversationUpdated facts;
  facts.conversation_id = "c-1";
  facts.name = "Rivers";
  facts.git_branch = "main";
  facts.total_tokens = 9;
  CHECK(bench.add(2, facts).outcome == Outcome::recorded);
  CHECK(bench.session().name == "Rivers");
  CHECK(bench.session().git_branch == "main");
  CHECK(bench.session().reported.tokens == 9);
}

TEST_CASE("markers and tests are answered and not stored; a hello is logged without a session") {
  StoreBench bench;
  model::TurnMarker turn;
  turn.conversation_id = "c-1";
  CHECK(bench.add(1, turn).number == 0);
  CHECK(bench.add(1, model::BridgeTest{}).outcome == Outcome::recorded);
  CHECK(bench.log().empty());
  CHECK(bench->session("c-1").error().code == base::ErrorCode::not_found);
  CHECK(bench.add(1, model::BridgeConnected{}).number == 1);
  CHECK(bench.log().front().event == event(1, model::BridgeConnected{}));
}

TEST_CASE("notes stand between the messages around them") {
  StoreBench bench;
  model::LogEntry joined;
  joined.conversation_id = "c-1";
  joined.level = "system";
  joined.content = "Ada joined";
  model::LogEntry left = joined;
  left.content = "Ada left";
  model::ConversationError failed;
  failed.conversation_id = "c-1";
  failed.error_message = "timeout";
  bench.add(0, joined);
  bench.add(1, message("m-1"));
  bench.add(2, failed);
  bench.reopen();
  auto tenth = message("m-10");
  tenth.sequence_number = 10;
  bench.add(3, tenth);
  bench.add(4, left);
  CHECK(bench.add(4, left).outcome == Outcome::duplicate);

  const auto notes = bench->notes("c-1", 10);
  REQUIRE(notes.has_value());
  REQUIRE(notes->size() == 3);
  CHECK((*notes)[0].event == event(0, joined));
  CHECK((*notes)[0].after_sequence == 0);
  CHECK((*notes)[1].event == event(2, failed));
  CHECK((*notes)[1].after_sequence == 1);
  CHECK((*notes)[2].event == event(4, left));
  CHECK((*notes)[2].after_sequence == 10);
  CHECK((*notes)[2].log_number == 5);
  CHECK(bench->notes("c-1", 1)->front().event == event(4, left));
  CHECK(bench->notes("c-9", 1).error().code == base::ErrorCode::not_found);
  CHECK(bench.session().totals.messages == 2);
}
