#include "agentpipe/service/rate_limits.hpp"

#include <doctest/doctest.h>

#include <string>

#include "manual_clock.hpp"

using namespace agentpipe;
using service::Need;
using service::RateLimits;

namespace {

std::string words(const std::optional<RateLimits::Told>& told) {
  if (!told) return "not counted";
  const auto& a = told->allowance;
  return std::string(told->policy) + (a.admitted ? " " : " refused ") + std::to_string(a.remaining) + "/" +
         std::to_string(a.limit) + " wait " + std::to_string(a.wait.count()) + " ms";
}

constexpr service::RateOptions k_small{{2, 4}, {1, 2}, {1.0 / 60.0, 2}};

}  // namespace

TEST_CASE("a bucket gives what it holds, then as fast as it fills") {
  test::ManualClock clock;
  RateLimits limits(clock, k_small);
  const service::Caller caller{"k_1", "192.0.2.1"};
  for (const char* expected : {"write 3/4 wait 0 ms", "write 2/4 wait 0 ms", "write 1/4 wait 0 ms",
                               "write 0/4 wait 0 ms", "write refused 0/4 wait 500 ms"}) {
    CHECK(words(limits.admit(Need::ingest, caller)) == expected);
  }
  clock.advance(base::Milliseconds(200));
  CHECK(words(limits.admit(Need::ingest, caller)) == "write refused 0/4 wait 300 ms");
  clock.advance(base::Milliseconds(300));
  CHECK(words(limits.admit(Need::upload, caller)) == "write 0/4 wait 0 ms");
  clock.advance(base::Milliseconds(60'000));
  CHECK(words(limits.admit(Need::manage, caller)) == "write 3/4 wait 0 ms");
}

TEST_CASE("events of a batch count one by one; more than the bucket holds are paid for by waiting") {
  test::ManualClock clock;
  RateLimits limits(clock, k_small);
  const service::Caller caller{"k_1", "192.0.2.1"};
  CHECK(words(limits.admit(Need::ingest, caller)) == "write 3/4 wait 0 ms");
  limits.count_events(caller, 3);
  CHECK(words(limits.admit(Need::ingest, caller)) == "write 0/4 wait 0 ms");
  clock.advance(base::Milliseconds(2'000));
  CHECK(words(limits.admit(Need::ingest, caller)) == "write 3/4 wait 0 ms");
  limits.count_events(caller, 10);
  CHECK(words(limits.admit(Need::ingest, caller)) == "write refused 0/4 wait 3500 ms");
  clock.advance(base::Milliseconds(3'500));
  CHECK(words(limits.admit(Need::ingest, caller)) == "write 0/4 wait 0 ms");
}

TEST_CASE("reading, writing, keys and addresses are counted apart") {
  test::ManualClock clock;
  RateLimits limits(clock, k_small);
  CHECK(words(limits.admit(Need::read, {"k_1", "192.0.2.1"})) == "read 1/2 wait 0 ms");
  CHECK(words(limits.admit(Need::read, {"k_2", "192.0.2.1"})) == "read 1/2 wait 0 ms");
  CHECK(words(limits.admit(Need::read, {"", "192.0.2.1"})) == "read 1/2 wait 0 ms");
  CHECK(words(limits.admit(Need::read, {"", "192.0.2.2"})) == "read 1/2 wait 0 ms");
  CHECK(words(limits.admit(Need::read, {"", "2001:db8::1"})) == "read 1/2 wait 0 ms");
  CHECK(words(limits.admit(Need::read, {"", "2001:db8::2"})) == "read 0/2 wait 0 ms");
  CHECK(words(limits.admit(Need::ingest, {"k_1", "192.0.2.1"})) == "write 3/4 wait 0 ms");
}

TEST_CASE("this machine without a key, open answers and limits that are off are not counted") {
  test::ManualClock clock;
  RateLimits limits(clock, k_small);
  CHECK(words(limits.admit(Need::read, {"", "127.0.0.1"})) == "not counted");
  CHECK(words(limits.admit(Need::open, {"", "192.0.2.1"})) == "not counted");
  CHECK(words(limits.note_failure("::1")) == "not counted");
  RateLimits off(clock, {{0, 0}, {0, 0}, {0, 0}});
  CHECK(words(off.admit(Need::ingest, {"k_1", "192.0.2.1"})) == "not counted");
}

TEST_CASE("who tries keys is told to wait a minute") {
  test::ManualClock clock;
  RateLimits limits(clock, k_small);
  CHECK(words(limits.note_failure("192.0.2.1")) == "failure 1/2 wait 0 ms");
  CHECK(words(limits.note_failure("192.0.2.1")) == "failure 0/2 wait 0 ms");
  CHECK(words(limits.note_failure("192.0.2.1")) == "failure refused 0/2 wait 60000 ms");
}

TEST_CASE("a full table forgets callers, never refuses them") {
  service::TokenBuckets buckets({1, 1}, 3);
  const base::Ticks now{};
  for (int i = 0; i < 10; ++i) CHECK(buckets.take("caller " + std::to_string(i), now).admitted);
}
