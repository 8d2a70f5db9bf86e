#include "store_bench.hpp"

using namespace agentpipe;
using namespace agentpipe::test;
using store::Direction;
using store::SessionQuery;
using store::SessionSort;

namespace {

/// Four sessions: a (completed, claude), b (active, gemini, upload), c (claude and gemini), d (a
/// placeholder).
void add_four_sessions(StoreBench& bench) {
  auto a = started("a");
  a.name = "Rivers 100%";
  a.participants[0].model = "opus";
  auto b = started("b");
  b.participants = {participant("gemini-0", "gemini")};
  b.mode = "free-form";
  b.initial_prompt = "under_score";
  auto c = started("c");
  c.name = "rivers";
  c.initial_prompt = "";
  c.participants.push_back(participant("gemini-1", "gemini"));
  bench.add(10, a);
  REQUIRE(bench.append({event(20, b)}, 1000, store::Source::cli_upload).has_value());
  bench.add(30, c);
  int count = 0;
  for (const char* id : {"b", "c", "c", "d"}) {
    auto counted = message("m-" + std::to_string(++count));
    counted.conversation_id = id;
    counted.agent_type = "codex";
    counted.agent_id = "codex-9";
    counted.tokens_used = 10 * count;
    if (count == 1) counted.cost = 0.5;
    if (count == 2) counted.cost = 0.25;
    counted.duration_ms = 100 - count;
    bench.add(40 + count, counted, 2000 + count);
  }
  bench.add(50, completed("a"));
}

/// "c b a /3": the ids on the page and the total.
std::string list(StoreBench& bench, const SessionQuery& query) {
  const auto page = bench->sessions(query);
  REQUIRE_MESSAGE(page.has_value(), why(page));
  CHECK(page->as_of == bench->last_number());
  std::string text;
  for (const model::Session& session : page->sessions) text += session.id + " ";
  return text + "/" + std::to_string(page->total);
}

std::string sorted_by(StoreBench& bench, SessionSort sort, Direction direction = Direction::descending) {
  SessionQuery query;
  query.sort = sort;
  query.direction = direction;
  return list(bench, query);
}

}  // namespace

TEST_CASE("sessions are listed in every order") {
  StoreBench bench;
  add_four_sessions(bench);
  CHECK(list(bench, {}) == "d c b a /4");
  CHECK(sorted_by(bench, SessionSort::started, Direction::ascending) == "a b c d /4");
  CHECK(sorted_by(bench, SessionSort::updated) == "d c b a /4");
  CHECK(sorted_by(bench, SessionSort::cost) == "b c d a /4");
  CHECK(sorted_by(bench, SessionSort::tokens) == "c d b a /4");
  CHECK(sorted_by(bench, SessionSort::messages) == "c d b a /4");
  CHECK(sorted_by(bench, SessionSort::duration) == "a b c d /4");
  CHECK(sorted_by(bench, SessionSort::name, Direction::ascending) == "b d c a /4");
}

TEST_CASE("sessions are paged by offset and limit, with the total of all pages") {
  StoreBench bench;
  add_four_sessions(bench);
  SessionQuery query;
  query.offset = 1;
  query.limit = 2;
  CHECK(list(bench, query) == "c b /4");
  query.offset = 9;
  CHECK(list(bench, query) == "/4");
}

TEST_CASE("sessions are filtered by what they are") {
  StoreBench bench;
  add_four_sessions(bench);
  const auto with = [&](auto set) {
    SessionQuery query;
    set(query);
    return list(bench, query);
  };
  CHECK(with([](auto& q) { q.status = {model::Status::completed}; }) == "a /1");
  CHECK(with([](auto& q) { q.status = {model::Status::completed, model::Status::active}; }) == "d c b a /4");
  CHECK(with([](auto& q) { q.source = {"cli-upload"}; }) == "b /1");
  CHECK(with([](auto& q) { q.mode = {"reactive"}; }) == "c a /2");
  CHECK(with([](auto& q) { q.agent_type = {"gemini"}; }) == "c b /2");
  CHECK(with([](auto& q) { q.agent_type = {"gemini", "codex"}; }) == "d c b /3");
  CHECK(with([](auto& q) { q.model = {"opus"}; }) == "a /1");
  CHECK(with([](auto& q) { q.from = at(20), q.until = at(30); }) == "c b /2");
  CHECK(with([](auto& q) { q.min_cost = 0.25; }) == "c b /2");
  CHECK(with([](auto& q) { q.max_cost = 0.25; }) == "c /1");
  CHECK(with([](auto& q) { q.min_tokens = 40, q.max_tokens = 40; }) == "d /1");
  CHECK(with([](auto& q) { q.min_errors = 1; }) == "/0");
  model::ConversationError error;
  error.conversation_id = "c";
  error.error_message = "late";
  bench.add(50, error);
  CHECK(with([](auto& q) { q.min_errors = 1; }) == "c /1");
  model::ConversationStarted fork;
  fork.conversation_id = "b";
  fork.parent_conversation_id = "a";
  bench.add(51, fork);
  CHECK(with([](auto& q) { q.parent = "a"; }) == "b /1");
  CHECK(with([](auto& q) { q.parent = "b"; }) == "/0");
  CHECK(with([](auto& q) { q.agent_type = {"gemini"}, q.mode = {"reactive"}; }) == "c /1");
  CHECK(with([](auto& q) { q.agent_type = {"' OR 1=1 --"}; }) == "/0");
}

TEST_CASE("text is found in name and prompt, literally and in any case") {
  StoreBench bench;
  add_four_sessions(bench);
  const auto find = [&](const char* text) {
    SessionQuery query;
    query.text = text;
    return list(bench, query);
  };
  CHECK(find("RIVERS") == "c a /2");
  CHECK(find("100%") == "a /1");
  CHECK(find("%") == "a /1");
  CHECK(find("e_s") == "/0");
  CHECK(find("under_score") == "b /1");
  CHECK(find("\\") == "/0");
}

TEST_CASE("a list carries participants in order and whole sessions") {
  StoreBench bench;
  add_four_sessions(bench);
  const auto page = bench->sessions({});
  REQUIRE(page.has_value());
  CHECK(names(page->sessions[1].participants) == "claude-0 claude Ada, gemini-1 gemini -, codex-9 codex -");
  CHECK(names(page->sessions[2].participants) == "gemini-0 gemini -, codex-9 codex -");
  CHECK(page->sessions[2].initial_prompt == "under_score");
  CHECK(page->sessions[1].totals == bench.session("c").totals);
}
