#include "search_text.hpp"
#include "store_bench.hpp"

using namespace agentpipe;
using namespace agentpipe::test;
using store::SearchOrder;
using store::SearchQuery;

namespace {

void say(StoreBench& bench, const std::string& session, const std::string& id, const std::string& content) {
  auto said = message(id, content);
  said.conversation_id = session;
  bench.add(10, said);
}

void add_talks_to_find(StoreBench& bench) {
  auto rivers = started("rivers");
  rivers.name = "Big rivers";
  bench.add(1, rivers);
  auto other = started("other");
  other.initial_prompt = "Ümlaut: name mountains";
  other.participants = {participant("gemini-0", "gemini")};
  bench.add(2, other);
  say(bench, "rivers", "m-1", "The quick brown fox uses 100% of snake_case");
  say(bench, "rivers", "m-2", "A fox, quick as lightning; straße 東京都に行く 🎉 \"quoted\"");
  say(bench, "other", "m-3", "Brown bears and concatenation of ÄPFEL");
  say(bench, "other", "m-4", "nothing");
}

/// Waits until the engine has put all that is logged into its index, and has the search ask it: the newest
/// thousand texts are read.
void index_all(StoreBench& bench) {
  std::vector<model::Event> others;
  for (int i = 0; i < 1000; ++i) {
    auto told = message("filler-" + std::to_string(i), "~");
    told.conversation_id = "filler";
    others.push_back(event(30, std::move(told)));
  }
  REQUIRE(bench.append(std::move(others)).has_value());
  bench.close();
  bench.engine().index_all();
  bench.open();
}

/// "other:m-3 rivers:m-2,m-1": sessions and their matches.
std::string found(StoreBench& bench, SearchQuery query) {
  const auto page = bench->search(query);
  REQUIRE_MESSAGE(page.has_value(), why(page));
  std::string text;
  for (const auto& result : page->results) {
    std::string ids;
    for (const auto& match : result.matches) {
      ids += ids.empty() ? "" : ",";
      ids += match.field == store::MatchField::name     ? "name"
             : match.field == store::MatchField::prompt ? "prompt"
                                                        : match.message_id;
    }
    text += (text.empty() ? "" : " ") + result.session.id + ":" + ids;
  }
  return text;
}

std::string found(StoreBench& bench, std::vector<std::string> terms) {
  SearchQuery query;
  query.text.terms = std::move(terms);
  return found(bench, query);
}

}  // namespace

TEST_CASE("a search finds the same whether the index has come that far or not") {
  StoreBench bench;
  add_talks_to_find(bench);
  for (const bool with_index : {false, true}) {
    CAPTURE(with_index);
    if (with_index) index_all(bench);
    CHECK(found(bench, {"fox"}) == "rivers:m-2,m-1");
    CHECK(found(bench, {"BROWN"}) == "other:m-3 rivers:m-1");
    CHECK(found(bench, {"quick", "fox"}) == "rivers:m-2,m-1");
    CHECK(found(bench, {"quick brown"}) == "rivers:m-1");
    CHECK(found(bench, {"ick brown f"}) == "rivers:m-1");
    CHECK(found(bench, {"catena"}) == "other:m-3");
    CHECK(found(bench, {"rivers"}) == "rivers:name");
    CHECK(found(bench, {"ümlaut"}) == "other:prompt");
    CHECK(found(bench, {"äpfel"}) == "other:m-3");
    CHECK(found(bench, {"straße"}) == "rivers:m-2");
    CHECK(found(bench, {"京都"}) == "rivers:m-2");
    CHECK(found(bench, {"🎉"}) == "rivers:m-2");
    CHECK(found(bench, {"100%"}) == "rivers:m-1");
    CHECK(found(bench, {"%"}) == "rivers:m-1");
    CHECK(found(bench, {"e_c"}) == "rivers:m-1");
    CHECK(found(bench, {"\"quoted\""}) == "rivers:m-2");
    CHECK(found(bench, {"fox\" OR \"bears"}).empty());
    CHECK(found(bench, {"fox*"}).empty());
    CHECK(found(bench, {"absent"}).empty());
  }
}

TEST_CASE("signs beside a word, long words and words that many others hold do not hide a text") {
  StoreBench bench;
  bench.add(1, started("s"));
  const std::string endless = std::string(70, 'x') + "yz";
  say(bench, "s", "m-1", "20°C on an area² of CO₂, naïve©, " + endless);
  std::string many;
  for (int i = 0; i < 300; ++i) many += " many" + std::to_string(i) + "fold";
  say(bench, "s", "m-2", "so" + many + " rest");
  for (const bool with_index : {false, true}) {
    CAPTURE(with_index);
    if (with_index) index_all(bench);
    for (const auto& term : std::vector<std::string>{"area", "20°", "an area", "area²", "naïve", "aïv",
                                                     "naïve©", "co₂", "xxxx", endless, "of co", "n an a"})
      CHECK_MESSAGE(found(bench, {term}) == "s:m-1", term);
    for (const std::string term :
         {"many", "any299", "many7fold many8", "fold many9", "299fold rest", "old re", "so many"})
      CHECK_MESSAGE(found(bench, {term}) == "s:m-2", term);
  }
}

TEST_CASE("filters combine with a search, and pages go on by cursor") {
  StoreBench bench;
  add_talks_to_find(bench);
  index_all(bench);
  SearchQuery query;
  query.text.terms = {"brown"};
  query.sessions.agent_type = {"gemini"};
  CHECK(found(bench, query) == "other:m-3");
  query.sessions = {};
  query.limit = 1;
  const auto first = bench->search(query);
  REQUIRE(first.has_value());
  REQUIRE(first->next.has_value());
  CHECK(first->results.front().session.id == "other");
  query.before = *first->next;
  CHECK(found(bench, query) == "rivers:m-1");
  CHECK_FALSE(bench->search(query)->next.has_value());
}

TEST_CASE("a word that stands in every message of a long session hides no other session") {
  StoreBench bench;
  say(bench, "old", "o-1", "a fox");
  std::vector<model::Event> many;
  for (int i = 0; i < 300; ++i) {
    auto told = message("m-" + std::to_string(i), "one more fox");
    told.conversation_id = "long";
    many.push_back(event(i, std::move(told)));
    if (i != 150) continue;
    auto named = started("named");
    named.name = "The fox";
    many.push_back(event(i, std::move(named)));
  }
  REQUIRE(bench.append(std::move(many)).has_value());
  SearchQuery query;
  query.text.terms = {"fox"};
  CHECK(found(bench, query) == "long:m-299,m-298,m-297 named:name old:o-1");
  CHECK(bench->search(query)->results.front().hits == 100);
  query.limit = 1;
  for (const std::string expected : {"long:m-299,m-298,m-297", "named:name", "old:o-1"}) {
    CHECK(found(bench, query) == expected);
    query.before = bench->search(query)->next.value_or(0);
  }
  CHECK(query.before == 0);
}

TEST_CASE("a name is one hit, however many events came while it held") {
  StoreBench bench;
  auto zebra = started("zebra");
  zebra.name = "Zebra plan";
  bench.add(1, zebra);
  for (const char* branch : {"one", "two", "three"}) {
    model::ConversationUpdated moved;
    moved.conversation_id = "zebra";
    moved.git_branch = branch;
    if (std::string(branch) == "two") moved.name = "Zebra plan";
    bench.add(2, moved);
  }
  SearchQuery query;
  query.text.terms = {"zebra"};
  for (const bool with_index : {false, true}) {
    CAPTURE(with_index);
    if (with_index) index_all(bench);
    CHECK(found(bench, query) == "zebra:name");
    CHECK(bench->search(query)->results.front().hits == 1);
  }
}

TEST_CASE("a session that an earlier page shows by its name is on no later one for its messages") {
  StoreBench bench;
  say(bench, "old", "m-1", "a needle");
  say(bench, "first", "m-1", "a needle");
  for (const char* id : {"second", "third"}) say(bench, id, "m-1", "a needle");
  model::ConversationUpdated renamed;
  renamed.conversation_id = "old";
  renamed.name = "needle renamed";
  bench.add(20, renamed);
  SearchQuery query;
  query.text.terms = {"needle"};
  query.limit = 2;
  CHECK(found(bench, query) == "old:name third:m-1");
  query.before = bench->search(query)->next.value();
  CHECK(found(bench, query) == "second:m-1 first:m-1");
  const auto second = bench->search(query);
  query.before = second->next.value_or(0);
  CHECK((query.before == 0 || found(bench, query).empty()));
}

TEST_CASE("looking whether an earlier page shows a session ends with the time") {
  StoreBench bench;
  say(bench, "long", "o-1", "a needle");
  for (int i = 0; i < 50; ++i) say(bench, "long", "m-" + std::to_string(i), "nothing");
  SearchQuery query;
  query.text.terms = {"needle"};
  query.before = 2;
  int looks = 0;
  query.time_is_up = [&] { return ++looks > 10; };
  CHECK(found(bench, query) == "long:o-1");
  CHECK(looks == 11);
}

TEST_CASE("a search that is out of time says where to go on") {
  StoreBench bench;
  add_talks_to_find(bench);
  SearchQuery query;
  query.text.terms = {"brown"};
  int looks = 0;
  query.time_is_up = [&] { return ++looks > 2; };
  const auto page = bench->search(query);
  REQUIRE(page.has_value());
  CHECK(page->results.front().session.id == "other");
  REQUIRE(page->next.has_value());
  query.time_is_up = {};
  query.before = *page->next;
  CHECK(found(bench, query) == "rivers:m-1");
}

TEST_CASE("by rank a name counts for more than a newer message") {
  StoreBench bench;
  add_talks_to_find(bench);
  say(bench, "other", "m-5", "rivers");
  SearchQuery query;
  query.text.terms = {"rivers"};
  CHECK(found(bench, query) == "other:m-5 rivers:name");
  query.order = SearchOrder::rank;
  CHECK(found(bench, query) == "rivers:name other:m-5");
}

TEST_CASE("a deleted conversation is found no more") {
  StoreBench bench;
  add_talks_to_find(bench);
  index_all(bench);
  bench.add(20, model::ConversationDeleted{"rivers", {}});
  CHECK(found(bench, {"fox"}).empty());
  CHECK(found(bench, {"bears"}) == "other:m-3");
}

TEST_CASE("an excerpt shows the surroundings and marks the places") {
  const store::sql::SearchTerms terms({{"FOX", "brown"}});
  const std::string text = std::string(300, 'x') + " ä brown fox, fox " + std::string(400, 'y');
  store::SearchMatch match;
  terms.excerpt(text, base::fold_case(text), match);
  std::string marked;
  for (const auto& [start, length] : match.places) marked += match.excerpt.substr(start, length) + "|";
  CHECK(marked == "brown|fox|fox|");
  CHECK(match.excerpt.size() < 300);
}
