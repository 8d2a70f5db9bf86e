#include "agentpipe/base/text.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace agentpipe::base;

TEST_CASE("only whole decimal numbers are numbers") {
  CHECK(parse_number("0") == 0);
  CHECK(parse_number("18446744073709551615") == 18446744073709551615ULL);
  for (const auto* text : {"", "-1", "+1", " 1", "1 ", "1.0", "0x1", "18446744073709551616"})
    CHECK_FALSE(parse_number(text));
}

TEST_CASE("switches are words or digits in any case") {
  CHECK(parse_switch("TRUE") == true);
  CHECK(parse_switch("off") == false);
  CHECK_FALSE(parse_switch("maybe"));
}

TEST_CASE("broken UTF-8 becomes one replacement character per bad byte") {
  CHECK(is_valid_utf8("naïve 😀"));
  for (const auto* bad : {"\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82"})
    CHECK_FALSE(is_valid_utf8(bad));
  CHECK(repair_utf8("a\xff\xc3(b") == "a\xEF\xBF\xBD\xEF\xBF\xBD(b");
}

TEST_CASE("texts are cut between code points") {
  CHECK(truncate_utf8("aé", 3) == "aé");
  CHECK(truncate_utf8("aé", 2) == "a");
  CHECK(one_line("  first line \n second", 40) == "first line…");
  CHECK(one_line("日本語です", 3) == "日本語…");
  CHECK(one_line("whole", 5) == "whole");
}

TEST_CASE("a terminal never sees a control character from outside") {
  CHECK(terminal_safe("a\x1b[31mb\tc\n\x7f\xc2\x9b") == "a\xEF\xBF\xBD[31mb\tc\n\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST_CASE("numbers for people") {
  CHECK(group_digits(0) == "0");
  CHECK(group_digits(999) == "999");
  CHECK(group_digits(1234567) == "1,234,567");
  CHECK(counted(0, "event") == "0 events");
  CHECK(counted(1, "event") == "1 event");
  CHECK(counted(1000, "event") == "1,000 events");
  CHECK(human_bytes(999) == "999 B");
  CHECK(human_bytes(18'400'000) == "18.4 MB");
  CHECK(human_bytes(999'999) == "1.0 MB");
}

TEST_CASE("a slip of the hand finds the word that was meant") {
  constexpr std::array<std::string_view, 3> words{"enabled", "url", "api_key"};
  CHECK(nearest("enabld", words) == "enabled");
  CHECK(nearest("apikey", words) == "api_key");
  CHECK(nearest("something", words).empty());
}

TEST_CASE("percent encoding goes both ways and refuses broken escapes") {
  CHECK(percent_encode("a b/ü") == "a%20b%2F%C3%BC");
  CHECK(percent_decode("a%20b+c", true) == "a b c");
  CHECK(percent_decode("a+b", false) == "a+b");
  CHECK_FALSE(percent_decode("%4", false));
  CHECK_FALSE(percent_decode("%zz", false));
}

TEST_CASE("globs match as a shell does, with ** across folders") {
  CHECK(matches_glob("*.json", "a.json"));
  CHECK_FALSE(matches_glob("*.json", "d/a.json"));
  CHECK(matches_glob("**/*.json", "d/e/a.json"));
  CHECK(matches_glob("**/*.json", "a.json"));
  CHECK(matches_glob("d/**", "d/e/f"));
  CHECK(matches_glob("[a-c]?[!x]", "b1y"));
  CHECK_FALSE(matches_glob("[a-c]?[!x]", "b1x"));
  CHECK(matches_glob("a[", "a["));
}
