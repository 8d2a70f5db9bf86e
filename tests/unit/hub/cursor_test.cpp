#include "agentpipe/hub/cursor.hpp"

#include <doctest/doctest.h>

#include <string>

using agentpipe::hub::Cursor;
using agentpipe::hub::format_cursor;
using namespace std::string_literals;

TEST_CASE("a cursor reads back as it was written") {
  CHECK(format_cursor("9f3a", 42) == "9f3a-42");
  CHECK(Cursor::parse("9f3a-42") == Cursor{"9f3a", 42});
  CHECK(Cursor::parse("a-b-0") == Cursor{"a-b", 0});
  CHECK(Cursor::parse("e-9007199254740991") == Cursor{"e", 9007199254740991});
  CHECK(Cursor::parse(std::string(64, 'e') + "-1").has_value());
}

TEST_CASE("what no server of ours wrote is no cursor") {
  for (const auto& text : {""s,
                           "-"s,
                           "-1"s,
                           "1"s,
                           "e-"s,
                           "e-1x"s,
                           "e--1"s + "x",
                           "e-+1"s,
                           "e- 1"s,
                           "e-01"s,
                           "e-1 "s,
                           "e-9007199254740992"s,
                           "e-18446744073709551616"s,
                           "e-1\n"s,
                           "e\n-1"s,
                           "e\0-1"s,
                           "e x-1"s,
                           "\xC3\xA9-1"s,
                           "e-1\0"s,
                           std::string(65, 'e') + "-1",
                           "e-" + std::string(5000, '9'),
                           std::string(1'000'000, '-')}) {
    CAPTURE(text.substr(0, 40));
    CHECK_FALSE(Cursor::parse(text).has_value());
  }
}
