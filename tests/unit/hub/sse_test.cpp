#include "agentpipe/hub/sse.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "sse_parser.hpp"

using agentpipe::hub::append_sse;
using agentpipe::hub::sse_comment;
using agentpipe::hub::sse_retry;
using agentpipe::hub::SseEvent;
using agentpipe::test::SseMessage;
using agentpipe::test::SseParser;
using namespace std::string_literals;

namespace {

std::string encode(const SseEvent& event) {
  std::string out;
  REQUIRE(append_sse(out, event));
  return out;
}

std::vector<SseMessage> parse(const std::string& bytes) {
  return SseParser().feed(bytes);
}

std::string refused_field(const SseEvent& event) {
  std::string out = "before";
  const auto appended = append_sse(out, event);
  REQUIRE_FALSE(appended);
  CHECK(out == "before");
  return appended.error().field;
}

}  // namespace

TEST_CASE("an unnamed event is a data line and an empty line") {
  CHECK(encode({"", "", "{}"}) == "data: {}\n\n");
}

TEST_CASE("name, id and data stand in this order, in lines that end in LF") {
  CHECK(encode({"message.created", "e-7", "{}"}) == "event: message.created\nid: e-7\ndata: {}\n\n");
}

TEST_CASE("what is written is what an EventSource reads") {
  // Each row is data that a careless encoder or reader breaks (after the format tests of Web Platform Tests).
  const std::vector<std::string> rows{"",
                                      " leading space",
                                      "  two",
                                      ":colon first",
                                      "data: nested",
                                      "a:b:c",
                                      "\t tab",
                                      "\xEF\xBB\xBF byte order mark",
                                      "\xE2\x80\xA8 line separator",
                                      "\xF0\x9F\x98\x80",
                                      "null",
                                      R"({"a":"\n\r"})",
                                      "id: 9",
                                      "retry: 1",
                                      std::string(70'000, 'x')};
  for (const auto& row : rows) {
    CAPTURE(row.substr(0, 40));
    const std::vector<SseMessage> expected{{"message", row, "e-1"}};
    CHECK(parse(encode({"", "e-1", row})) ==
          (row.empty() ? std::vector<SseMessage>{{"message", "", "e-1"}} : expected));
  }
}

TEST_CASE("events that follow each other stay apart") {
  CHECK(parse(encode({"a", "e-1", "1"}) + encode({"", "", "2"}) + encode({"b", "e-3", "3"})) ==
        std::vector<SseMessage>{{"a", "1", "e-1"}, {"message", "2", "e-1"}, {"b", "3", "e-3"}});
}

TEST_CASE("a name does not leak into the next event") {
  CHECK(parse(encode({"a", "", "1"}) + encode({"", "", "2"})).back().event == "message");
}

TEST_CASE("a field that would break out of its line is refused") {
  CHECK(refused_field({"a\nb", "", "x"}) == "event");
  CHECK(refused_field({"a\rb", "", "x"}) == "event");
  CHECK(refused_field({"a\0b"s, "", "x"}) == "event");
  CHECK(refused_field({"", "1\ndata: forged", "x"}) == "id");
  CHECK(refused_field({"", "1\r", "x"}) == "id");
  CHECK(refused_field({"", "1\0"s, "x"}) == "id");
  CHECK(refused_field({"", "", "x\n\ndata: forged"}) == "data");
  CHECK(refused_field({"", "", "x\ry"}) == "data");
  CHECK(refused_field({"", "", "x\0y"s}) == "data");
}

TEST_CASE("bytes that are not UTF-8 are refused") {
  CHECK(refused_field({"", "", "\xC3("}) == "data");
  CHECK(refused_field({"", "", "\xED\xA0\x80"}) == "data");
  CHECK(refused_field({"\xFF", "", "x"}) == "event");
  CHECK(refused_field({"", "\xC0\x80", "x"}) == "id");
}

TEST_CASE("a comment is no event and cannot become one") {
  CHECK(sse_comment("heartbeat") == ":heartbeat\n\n");
  CHECK(sse_comment("a\ndata: b\r\0c"s) == ":a data: b  c\n\n");
  SseParser parser;
  CHECK(parser.feed(sse_comment("a\ndata: b")).empty());
  CHECK(parser.comments() == std::vector<std::string>{"a data: b"});
}

TEST_CASE("retry sets the waiting time and is no event") {
  SseParser parser;
  CHECK(parser.feed(sse_retry(agentpipe::base::Milliseconds(3000))).empty());
  CHECK(parser.retry() == "3000");
}

TEST_CASE("the test's reader follows the standard") {
  SUBCASE("byte order mark first") {
    CHECK(parse("\xEF\xBB\xBF"
                "data:1\n\n")
              .size() == 1);
  }
  SUBCASE("CR, LF and CRLF end lines") {
    CHECK(parse("data:a\r\ndata:b\rdata:c\n\n").front().data == "a\nb\nc");
  }
  SUBCASE("one space is dropped") {
    CHECK(parse("data:  x\n\n").front().data == " x");
  }
  SUBCASE("a field without colon has no value") {
    CHECK(parse("data\ndata\n\n").front().data == "\n");
  }
  SUBCASE("unknown fields and a bogus retry are passed over") {
    SseParser parser;
    CHECK(parser.feed("Data:x\nretry:1x\nfoo:bar\ndata:y\n\n").front().data == "y");
    CHECK(parser.retry().empty());
  }
  SUBCASE("an id with NUL is passed over") {
    CHECK(parse("id:1\0\ndata:x\n\n"s).front().id.empty());
  }
  SUBCASE("an empty id clears") {
    CHECK(parse("id:1\nid\ndata:x\n\n").front().id.empty());
  }
  SUBCASE("an event without data is not dispatched") {
    CHECK(parse("event:x\n\n").empty());
  }
  SUBCASE("what is not ended by an empty line is not dispatched") {
    CHECK(parse("data:x\n").empty());
  }
}
