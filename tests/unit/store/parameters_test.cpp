#include "parameters.hpp"

#include <doctest/doctest.h>

using agentpipe::store::postgres::with_dollars;

TEST_CASE("parameters get their numbers, and what stands in quotes stays") {
  CHECK(with_dollars("SELECT ?,?2,? FROM t WHERE a=?1") == "SELECT $1,$2,$3 FROM t WHERE a=$1");
  CHECK(with_dollars("a LIKE ? ESCAPE '\\\\' AND b='?''?' AND \"c?\"=?") ==
        "a LIKE $1 ESCAPE '\\\\' AND b='?''?' AND \"c?\"=$2");
  CHECK(with_dollars("?12") == "$12");
  CHECK(with_dollars("").empty());
}
