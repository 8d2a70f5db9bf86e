#include "agentpipe/base/time.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

#include "agentpipe/base/clock.hpp"
#include "manual_clock.hpp"

using namespace agentpipe::base;
using namespace std::chrono_literals;

TEST_CASE("RFC 3339 times are read in all their forms and written in one") {
  const auto normal = [](std::string_view text) { return format_rfc3339(parse_rfc3339(text).value()); };
  CHECK(normal("2026-01-05T08:00:04Z") == "2026-01-05T08:00:04.000Z");
  CHECK(normal("2026-01-05t08:00:04.5z") == "2026-01-05T08:00:04.500Z");
  CHECK(normal("2026-01-05T08:00:04.123456789Z") == "2026-01-05T08:00:04.123Z");
  CHECK(normal("2026-01-05 10:30:04+02:30") == "2026-01-05T08:00:04.000Z");
  CHECK(normal("2026-01-05T08:00Z") == "2026-01-05T08:00:00.000Z");
  CHECK(normal("2016-12-31T23:59:60Z") == "2016-12-31T23:59:59.000Z");
}

TEST_CASE("what is no time is none") {
  for (const auto* text :
       {"", "2026", "2026-01-05", "2026-13-05T08:00:04Z", "2026-02-30T08:00:04Z", "2026-01-05T24:00:04Z",
        "2026-01-05T08:00:04", "2026-01-05T08:00:04.Z", "2026-01-05T08:00:04Zx", "9999-01-05T08:00:04Z",
        "1969-01-05T08:00:04Z", "2026-01-05T08:00:04+25:00"})
    CHECK_FALSE(parse_rfc3339(text));
}

TEST_CASE("HTTP dates go both ways") {
  const auto at = parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT");
  REQUIRE(at);
  CHECK(format_rfc3339(*at) == "1994-11-06T08:49:37.000Z");
  CHECK(format_http_date(*at) == "Sun, 06 Nov 1994 08:49:37 GMT");
  for (const auto* text :
       {"", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Foo 1994 08:49:37 GMT", "06 Nov 1994 08:49:37 GMT"})
    CHECK_FALSE(parse_http_date(text));
}

TEST_CASE("durations are read with a unit and shown in the largest that fits") {
  CHECK(parse_duration("250ms") == 250ms);
  CHECK(parse_duration("30d") == 30 * 24h);
  for (const auto* text : {"", "5", "s", "5 s", "-5s", "5w", "99999999999999s"})
    CHECK_FALSE(parse_duration(text));
  CHECK(human_duration(999ms) == "999 ms");
  CHECK(human_duration(61s) == "1 min");
  CHECK(human_duration(49h) == "2 d");
}

TEST_CASE("durations are written as they are read") {
  for (const auto* text : {"0s", "250ms", "15s", "90s", "30m", "36h", "1d", "365d"})
    CHECK(format_duration(parse_duration(text).value()) == text);
  CHECK(format_duration(1'800'000ms) == "30m");
}

TEST_CASE("a deadline counts down on the monotonic clock, whatever the wall clock does") {
  agentpipe::test::ManualClock clock;
  const auto deadline = Deadline::after(clock, 5s);
  clock.jump(-1h);
  clock.advance(4s);
  CHECK(deadline.left(clock) == 1s);
  CHECK_FALSE(deadline.reached(clock));
  clock.advance(2s);
  CHECK(deadline.left(clock) == 0ms);
  CHECK(deadline.reached(clock));
  CHECK_FALSE(Deadline::never().reached(clock));
}

TEST_CASE("sleeping ends at once when a stop is requested") {
  SystemClock clock;
  std::stop_source stop;
  stop.request_stop();
  CHECK_FALSE(clock.sleep(1h, stop.get_token()));
  CHECK(clock.sleep(0ms, std::stop_source().get_token()));
}
