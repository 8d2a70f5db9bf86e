#include "store_bench.hpp"

using namespace agentpipe;
using namespace agentpipe::test;
using store::Direction;
using store::MessagePlace;

namespace {

/// Ten messages m-1 … m-10; the fourth and fifth share a sequence number.
void add_ten_messages(StoreBench& bench) {
  for (int i = 1; i <= 10; ++i) {
    auto made = message("m-" + std::to_string(i));
    made.sequence_number = i == 5 ? 4 : i;
    bench.add(i, made);
  }
}

struct Asked {
  std::optional<MessagePlace> after = {};
  std::optional<MessagePlace> before = {};
  Direction direction = Direction::ascending;
  std::int64_t limit = 3;
};

/// "< 3 4 5 >": the numbers on the page, with marks for more on either side.
std::string page(StoreBench& bench, const Asked& asked) {
  store::MessageQuery query;
  query.session_id = "c-1";
  query.after = asked.after;
  query.before = asked.before;
  query.direction = asked.direction;
  query.limit = asked.limit;
  const auto read = bench->messages(query);
  REQUIRE(read.has_value());
  CHECK(read->total == 10);
  CHECK(read->as_of == 10);
  std::string text = read->more_before ? "< " : "";
  for (const model::Message& m : read->messages) text += std::to_string(m.log_number) + " ";
  return text + (read->more_after ? ">" : "");
}

}  // namespace

TEST_CASE("messages are paged from either end and from any place, oldest first") {
  StoreBench bench;
  add_ten_messages(bench);
  CHECK(page(bench, {}) == "1 2 3 >");
  CHECK(page(bench, {.after = MessagePlace{3, 3}}) == "< 4 5 6 >");
  CHECK(page(bench, {.after = MessagePlace{4, 4}}) == "< 5 6 7 >");
  CHECK(page(bench, {.after = MessagePlace{7, 7}}) == "< 8 9 10 ");
  CHECK(page(bench, {.direction = Direction::descending}) == "< 8 9 10 ");
  CHECK(page(bench, {.before = MessagePlace{4, 5}, .direction = Direction::descending}) == "< 2 3 4 >");
  CHECK(page(bench, {.before = MessagePlace{2, 2}, .direction = Direction::descending}) == "1 >");
  CHECK(page(bench, {.after = MessagePlace{2, 2}, .before = MessagePlace{6, 6}, .limit = 9}) == "< 3 4 5 >");
  CHECK(page(bench, {.limit = 10}) == "1 2 3 4 5 6 7 8 9 10 ");
}

TEST_CASE("a page beyond the end is empty and says what lies before it") {
  StoreBench bench;
  add_ten_messages(bench);
  CHECK(page(bench, {.after = MessagePlace{10, 10}}) == "< ");
  CHECK(page(bench, {.before = MessagePlace{1, 1}, .direction = Direction::descending}) == ">");
}

TEST_CASE("messages of an unknown session are not found") {
  StoreBench bench;
  store::MessageQuery query;
  query.session_id = "c-9";
  CHECK(bench->messages(query).error().code == base::ErrorCode::not_found);
}
