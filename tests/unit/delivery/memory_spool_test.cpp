#include "agentpipe/delivery/memory_spool.hpp"

#include <doctest/doctest.h>

#include <thread>

using namespace agentpipe;
using namespace std::chrono_literals;
using delivery::MemorySpool;

namespace {

std::string numbers(const base::Result<std::vector<delivery::Record>>& records) {
  std::string text;
  for (const auto& record : records.value()) text += std::to_string(record.number) + "=" + record.event + " ";
  return text;
}

void fill(MemorySpool& spool, std::initializer_list<const char*> events) {
  for (const char* event : events) CHECK(spool.append(event));
}

}  // namespace

TEST_CASE("records are numbered from 1 and read in order behind a number, within count and bytes") {
  MemorySpool spool({});
  CHECK(numbers(spool.read(0, 9, 99)).empty());
  fill(spool, {"aa", "bbb", "c", "dddd"});
  CHECK(numbers(spool.read(0, 9, 99)) == "1=aa 2=bbb 3=c 4=dddd ");
  CHECK(numbers(spool.read(1, 2, 99)) == "2=bbb 3=c ");
  CHECK(numbers(spool.read(0, 9, 6)) == "1=aa 2=bbb 3=c ");
  CHECK(numbers(spool.read(0, 9, 1)) == "1=aa ");
  CHECK(numbers(spool.read(4, 9, 99)).empty());
  CHECK(spool.last_appended() == 4);
}

TEST_CASE("what is acknowledged or buried is not read again and both move the mark") {
  MemorySpool spool({});
  fill(spool, {"a", "b", "c", "d"});
  CHECK(spool.acknowledge(1));
  CHECK(spool.bury({{3, "c"}, "invalid", "no"}));
  CHECK(numbers(spool.read(0, 9, 99)) == "2=b 4=d ");
  CHECK(spool.last_acknowledged() == 1);
  CHECK(spool.acknowledge(2));
  CHECK(spool.last_acknowledged() == 3);
  CHECK(spool.dead_letters() == 1);
  CHECK(spool.letters().front().record.event == "c");
  CHECK_FALSE(spool.acknowledge(5));
  CHECK_FALSE(spool.bury({{3, "c"}, "invalid", "no"}));
}

TEST_CASE("a full spool refuses by count and by bytes and takes again after an acknowledgement") {
  MemorySpool spool({.count = 2, .bytes = 10});
  fill(spool, {"1234", "5"});
  const auto refused = spool.append("6");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == base::ErrorCode::unavailable);
  CHECK(refused.error().message == "The spool is full (2 events, 5 B).");
  CHECK(spool.acknowledge(1));
  CHECK_FALSE(spool.append("0123456789"));
  CHECK(spool.append("012345678"));
  CHECK(spool.last_appended() == 3);
}

TEST_CASE("one event that is larger than the spool goes through an empty one") {
  MemorySpool spool({.count = 2, .bytes = 3});
  CHECK(spool.append("larger"));
  CHECK_FALSE(spool.append("x"));
  CHECK(spool.acknowledge(1));
  CHECK(spool.append("x"));
}

TEST_CASE("dead letters keep their reason for ever and their content within a bound") {
  MemorySpool spool({.dead_bytes = 3});
  fill(spool, {"abc", "d"});
  CHECK(spool.bury({{1, "abc"}, "x", "first"}));
  CHECK(spool.bury({{2, "d"}, "x", "second"}));
  const auto letters = spool.letters();
  REQUIRE(letters.size() == 2);
  CHECK(letters[0].record.event == "abc");
  CHECK(letters[1].record.event.empty());
  CHECK(letters[1].reason == "second");
}

TEST_CASE("a waiting reader is woken by an append, a waiting writer by an acknowledgement, both by a stop") {
  MemorySpool spool({.count = 1});
  std::jthread writer([&] { CHECK(spool.append("a")); });
  CHECK(spool.wait(0, 1h, {}));
  CHECK_FALSE(spool.wait_for_room(1, delivery::Weight::ordinary, 0ms, {}));
  std::jthread reader([&] { CHECK(spool.acknowledge(1)); });
  CHECK(spool.wait_for_room(1, delivery::Weight::ordinary, 1h, {}));
  std::stop_source stop;
  stop.request_stop();
  CHECK_FALSE(spool.wait(1, 1h, stop.get_token()));
  CHECK_FALSE(spool.wait(1, 0ms, {}));
}
