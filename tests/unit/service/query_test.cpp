#include "agentpipe/service/query.hpp"

#include <doctest/doctest.h>

using agentpipe::service::Query;

TEST_CASE("the last value of a name counts, empty is absent, lists are split at commas") {
  const Query query({{"a", "1"}, {"a", "2"}, {"b", ""}, {"c", "x, y"}, {"c", "z,"}, {"f", "true"}});
  CHECK(query.text("a") == "2");
  CHECK_FALSE(query.text("b"));
  CHECK(query.list("c") == std::vector<std::string>{"x", "y", "z"});
  CHECK(query.flag("f"));
  CHECK_FALSE(query.flag("a2"));
}

TEST_CASE("numbers stay in their bounds") {
  const Query query({{"n", "7"}, {"bad", "7.5"}});
  CHECK(query.number("n", 1, 10, 3).value() == 7);
  CHECK(query.number("none", 1, 10, 3).value() == 3);
  CHECK(query.number("n", 1, 6, 3).error().message == "n must be a whole number from 1 to 6");
  CHECK_FALSE(query.number("bad", 1, 10, 3));
}
