#include "store_bench.hpp"

using namespace agentpipe;
using namespace agentpipe::test;
using store::Direction;
using store::SessionQuery;
using store::SessionSort;

namespace {

/// Nine sessions; costs, tokens and names repeat and are missing, so that ties must be told apart.
void add_nine_sessions(StoreBench& bench) {
  for (int i = 0; i < 9; ++i) {
    auto begun = started("s" + std::to_string(i));
    begun.participants = {participant("a", i % 2 == 0 ? "claude" : "gemini")};
    begun.mode = i % 3 == 0 ? "reactive" : "free-form";
    begun.machine = "box";
    if (i % 3 == 1) begun.name = "Same";
    bench.add(i / 2, begun);
    auto said = message("m");
    said.conversation_id = begun.conversation_id;
    said.agent_id = "a";
    said.agent_type = begun.participants[0].agent_type;
    if (i % 3 != 0) said.cost = 0.5;
    said.tokens_used = i % 4;
    bench.add(20, said);
    if (i % 3 == 2) bench.add(30, completed(begun.conversation_id));
  }
}

std::string all_pages(StoreBench& bench, SessionQuery query) {
  std::string text;
  while (true) {
    const auto page = bench->sessions(query);
    REQUIRE_MESSAGE(page.has_value(), why(page));
    for (const auto& session : page->sessions) text += session.id + " ";
    if (!page->next) return text + "/" + std::to_string(page->total);
    query.after = page->next;
  }
}

}  // namespace

TEST_CASE("pages by cursor join up to the whole list, in every order and with every filter") {
  StoreBench bench;
  add_nine_sessions(bench);
  const std::vector<std::function<void(SessionQuery&)>> filters = {
      [](auto&) {},
      [](auto& q) { q.agent_type = {"claude"}; },
      [](auto& q) {
        q.agent_type = {"claude", "gemini"};
      },
      [](auto& q) { q.agent_type = {"gemini"}, q.status = {model::Status::active}, q.machine = {"box"}; },
      [](auto& q) { q.status = {model::Status::completed}, q.min_cost = 0.1; },
      [](auto& q) { q.mode = {"free-form"}, q.from = at(1); },
  };
  for (const auto& filter : filters) {
    for (int sort = 0; sort <= static_cast<int>(SessionSort::name); ++sort) {
      for (const Direction direction : {Direction::ascending, Direction::descending}) {
        CAPTURE(sort);
        SessionQuery query;
        filter(query);
        query.sort = static_cast<SessionSort>(sort);
        query.direction = direction;
        query.limit = 100;
        const auto whole = all_pages(bench, query);
        for (const std::int64_t limit : {1, 2, 4}) {
          query.limit = limit;
          CHECK(all_pages(bench, query) == whole);
        }
      }
    }
  }
}

TEST_CASE("facets count each session once and follow every change") {
  StoreBench bench;
  const auto told = [&] {
    const auto facets = bench->facets(50);
    REQUIRE_MESSAGE(facets.has_value(), why(facets));
    std::string text;
    for (const auto* list : {&facets->statuses, &facets->sources, &facets->modes, &facets->agent_types,
                             &facets->models, &facets->machines}) {
      for (const auto& [value, sessions] : *list) text += value + ":" + std::to_string(sessions) + " ";
      text += "| ";
    }
    return text;
  };
  CHECK(told() == "| | | | | | ");
  bench.add(1, message("m-1"));
  CHECK(told() == "ACTIVE:1 | cli-stream:1 | | claude:1 | | | ");
  auto begun = started();
  begun.participants.push_back(participant("claude-1", "claude", "Bob"));
  begun.machine = "box";
  bench.add(2, begun);
  auto said = message("m-2");
  said.model = "opus";
  bench.add(3, said);
  bench.add(4, started("c-2"));
  bench.add(5, completed("c-2"));
  CHECK(told() == "ACTIVE:1 COMPLETED:1 | cli-stream:2 | reactive:2 | claude:2 | opus:1 | box:1 | ");
  bench.add(6, model::ConversationDeleted{"c-1", {}});
  CHECK(told() == "COMPLETED:1 | cli-stream:1 | reactive:1 | claude:1 | | | ");
}
