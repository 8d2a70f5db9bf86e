#include "agentpipe/base/literal.hpp"

#include <doctest/doctest.h>

using namespace agentpipe::base;

TEST_CASE("capitals become small letters of the same length") {
  CHECK(fold_case("Hello ÄÖÜ ΑΩΫ ЁЖЯ ×÷ 日本 100%_") == "hello äöü αωϋ ёжя ×÷ 日本 100%_");
  CHECK(fold_case("ŠKODA ŁÓDŹ ŽLUTÝ Ÿ ȘȚ ƯƠ Ə") == "škoda łódź žlutý ÿ șț ươ ə");
  CHECK(fold_case("ΆΈΉΊΌΎΏ ѠҐҖӀӁӐ ԱՖ") == "άέήίόύώ ѡґҗӏӂӑ աֆ");
  CHECK(fold_case("İ ı ĸ ŉ ſ Ⱥ ß") == "İ ı ĸ ŉ ſ Ⱥ ß");  // the other case has another length, or is none
  CHECK(fold_case("\xC5"
                  "A \xC5\xA0") ==
        "\xC5"
        "a \xC5\xA1");
  CHECK(fold_case("cut off \xC3") == "cut off \xC3");
}

TEST_CASE("a literal is found at each of its places, none overlapping") {
  const Literal literal("AA");
  CHECK(literal.places("aaaa b aa", 10) == std::vector<std::size_t>{0, 2, 7});
  CHECK(literal.places("aaaa b aa", 2) == std::vector<std::size_t>{0, 2});
  CHECK(literal.places("b", 10).empty());
  CHECK(Literal("").places("b", 10).empty());
  CHECK(Literal("%_").in(fold_case("100%_")));
}
