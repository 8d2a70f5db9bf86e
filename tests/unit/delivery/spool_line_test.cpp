#include "spool_line.hpp"

#include <doctest/doctest.h>

#include "spool_paths.hpp"

using namespace agentpipe;
using namespace agentpipe::delivery;

TEST_CASE("a line is checksum, number and event, and reads back") {
  const std::string line = encode_line(17, R"({"type":"x"})");
  CHECK(line == "bb447363 17 {\"type\":\"x\"}\n");
  const auto decoded = decode_line(std::string_view(line).substr(0, line.size() - 1));
  REQUIRE(decoded);
  CHECK(decoded->number == 17);
  CHECK(decoded->json == R"({"type":"x"})");
}

TEST_CASE("any changed byte of a line is noticed") {
  const std::string line = encode_line(17, R"({"type":"x"})");
  for (std::size_t at = 0; at + 1 < line.size(); ++at) {
    std::string hit = line.substr(0, line.size() - 1);
    hit[at] = static_cast<char>(hit[at] ^ 1);
    CHECK_FALSE(decode_line(hit));
  }
  for (const char* text : {"", "bad02dcb", "bad02dcb ", "00000000 1 {}", "zzzzzzzz 1 {}"})
    CHECK_FALSE(decode_line(text));
}

TEST_CASE("a record behind a line end that was hit is found, but none within the text of an event") {
  const std::string second = encode_line(2, R"({"b":1})");
  const std::string both = encode_line(1, R"({"a":1})") + second;
  std::string merged = both.substr(0, both.size() - 1);
  merged[merged.find('\n')] = '\x0b';
  const auto found = find_swallowed(merged);
  REQUIRE(found);
  CHECK(found->number == 2);
  CHECK(found->json == R"({"b":1})");
  CHECK_FALSE(find_swallowed(R"(x 5 {"content":"00000000 7 {\"a\":1}"})"));
}

TEST_CASE("an acknowledgement slot has 32 bytes whatever the number") {
  for (const RecordNumber number : {RecordNumber{0}, RecordNumber{1}, ~RecordNumber{0}}) {
    const std::string slot = encode_ack(number);
    CHECK(slot.size() == k_ack_slot);
    CHECK(decode_ack(slot) == number);
  }
  std::string slot = encode_ack(12);
  slot[20] = '9';
  CHECK_FALSE(decode_ack(slot));
  CHECK_FALSE(decode_ack("short"));
}

TEST_CASE("a header reads back, and one of another version is told from it") {
  const std::string line = encode_header({"s", "http://h", "2026-01-05T08:00:04.000Z", "c/1", 17});
  const auto decoded = decode_line(std::string_view(line).substr(0, line.size() - 1));
  REQUIRE(decoded);
  CHECK(decoded->number == 0);
  const auto header = decode_header(decoded->json);
  REQUIRE(header);
  CHECK(header->destination == "http://h");
  CHECK(header->first == 17);
  CHECK_FALSE(decode_header(R"({"format":"agentpipe-spool","version":2})"));
  CHECK_FALSE(decode_header("[]"));
}

TEST_CASE("names on the disk are those of the format") {
  CHECK(segment_name(1) == "00000001.seg");
  CHECK(segment_serial("00000017.seg") == 17);
  CHECK_FALSE(segment_serial("17.seg"));
  CHECK_FALSE(segment_serial("0000001x.seg"));
  CHECK(is_source_name("0123456789abcdef0123456789abcdef"));
  CHECK_FALSE(is_source_name("0123456789ABCDEF0123456789abcdef"));
  CHECK(is_source_name(new_source_name()));
  CHECK(destination_name("http://localhost:3000").starts_with("localhost-3000-"));
  CHECK(destination_name("https://h/../x").starts_with("h-"));
  CHECK(destination_name("https://a b@h").starts_with("a_b_h-"));
  CHECK(destination_name("https://h/x") != destination_name("https://h/y"));
}
