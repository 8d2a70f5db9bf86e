#include "agentpipe/hub/hub.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include "log_events.hpp"

using namespace agentpipe;
using hub::Hub;
using hub::Place;
using hub::Reading;
using State = hub::Reading::State;
using test::shared_message;
using test::shared_messages;
using Numbers = std::vector<model::LogNumber>;

namespace {

Numbers numbers_of(const Reading& reading) {
  Numbers numbers;
  for (const auto& frame : reading.frames) numbers.push_back(frame->number());
  return numbers;
}

Numbers range(model::LogNumber first, model::LogNumber last) {
  Numbers numbers(static_cast<std::size_t>(last - first + 1));
  std::iota(numbers.begin(), numbers.end(), first);
  return numbers;
}

void publish(Hub& hub, model::LogNumber first, model::LogNumber last) {
  hub.publish(shared_messages(first, last));
}

model::Event turn(const std::string& conversation) {
  return {base::Timestamp{}, model::TurnMarker{model::TurnMarker::Kind::started, conversation, {}}};
}

}  // namespace

TEST_CASE("a frame carries the event, its cursor and on request its name") {
  Hub hub("ep", 6);
  auto place = hub.live();
  publish(hub, 7, 7);
  const auto reading = hub.read(place, {});
  REQUIRE(reading.frames.size() == 1);
  const auto named = std::string(reading.frames[0]->slice(hub::Naming::named).view());
  const auto unnamed = std::string(reading.frames[0]->slice(hub::Naming::unnamed).view());
  CHECK(named == "event: message.created\n" + unnamed);
  CHECK(unnamed.starts_with(
      "id: ep-7\ndata: {\"type\":\"message.created\",\"timestamp\":\"2026-01-05T08:00:00.007Z\","
      "\"data\":{"));
  CHECK(unnamed.ends_with("}}\n\n"));
}

TEST_CASE("a frame is encoded once and shared") {
  Hub hub("ep", 0);
  Place one = hub.live();
  Place two = hub.live();
  publish(hub, 1, 1);
  const auto first = hub.read(one, {}).frames.at(0)->slice(hub::Naming::named);
  const auto second = hub.read(two, {}).frames.at(0)->slice(hub::Naming::unnamed);
  CHECK(first.bytes == second.bytes);
}

TEST_CASE("a live subscriber gets what comes from now on, in order, once") {
  Hub hub("ep", 10);
  auto place = hub.live();
  CHECK(hub.read(place, {}).state == State::nothing);
  publish(hub, 11, 13);
  CHECK(numbers_of(hub.read(place, {})) == range(11, 13));
  CHECK(hub.read(place, {}).state == State::nothing);
  publish(hub, 14, 14);
  CHECK(numbers_of(hub.read(place, {})) == range(14, 14));
}

TEST_CASE("a subscriber within the ring goes on from its number") {
  Hub hub("ep", 0);
  publish(hub, 1, 9);
  Place place{4, 0};
  CHECK(numbers_of(hub.read(place, {})) == range(5, 9));
}

TEST_CASE("a subscriber behind the ring is told how far to replay, then joins without hole or repeat") {
  Hub hub("ep", 0, {4, 1U << 20U});
  publish(hub, 1, 10);
  Place place{2, 0};
  const auto behind = hub.read(place, {});
  CHECK(behind.state == State::behind);
  CHECK(behind.until == 6);
  SUBCASE("replayed exactly that far") {
    place = {6, 0};
  }
  SUBCASE("replayed further than the ring's start") {
    place = {8, 0};
  }
  const auto from = place.number + 1;
  CHECK(numbers_of(hub.read(place, {})) == range(from, 10));
}

TEST_CASE("a log that was there before the hub is behind it") {
  Hub hub("ep", 100);
  Place place{40, 0};
  const auto reading = hub.read(place, {});
  CHECK(reading.state == State::behind);
  CHECK(reading.until == 100);
  place = {100, 0};
  CHECK(hub.read(place, {}).state == State::nothing);
}

TEST_CASE("a replay that ran ahead of the ring does not see its events again") {
  Hub hub("ep", 5);
  Place place{8, 0};  // the store had committed up to 8 when it was read
  CHECK(hub.read(place, {}).state == State::nothing);
  publish(hub, 6, 7);
  CHECK(hub.read(place, {}).state == State::nothing);
  publish(hub, 8, 10);
  CHECK(numbers_of(hub.read(place, {})) == range(9, 10));
}

TEST_CASE("a slow subscriber costs the ring nothing and falls behind") {
  Hub hub("ep", 0, {3, 1U << 20U});
  auto place = hub.live();
  publish(hub, 1, 1);
  CHECK(numbers_of(hub.read(place, {})) == range(1, 1));
  publish(hub, 2, 9);
  const auto reading = hub.read(place, {});
  CHECK(reading.state == State::behind);
  CHECK(reading.until == 6);
  CHECK(hub.stats().frames == 3);
}

TEST_CASE("the ring is bounded by bytes too, but keeps the newest frame") {
  Hub hub("ep", 0, {1000, 10'000});
  for (model::LogNumber n = 1; n <= 20; ++n)
    hub.publish(std::vector{shared_message(n, "c", std::string(3000, 'x'))});
  CHECK(hub.stats().bytes <= 10'000);
  hub.publish(std::vector{shared_message(21, "c", std::string(50'000, 'x'))});
  CHECK(hub.stats().frames == 1);
}

TEST_CASE("filters choose by conversation and type, and the place moves on over the rest") {
  Hub hub("ep", 0);
  hub.publish(std::vector{shared_message(1, "a"), shared_message(2, "b"), shared_message(3, "a")});
  Place place{0, 0};
  CHECK(numbers_of(hub.read(place, {"a", {}})) == Numbers{1, 3});
  place = {0, 0};
  CHECK(hub.read(place, {"", {"conversation.started"}}).state == State::nothing);
  CHECK(place.number == 3);
  place = {0, 0};
  CHECK(numbers_of(hub.read(place, {"b", {"conversation.started", "message.created"}})) == Numbers{2});
}

TEST_CASE("a portion is bounded in frames and bytes, but never empty") {
  Hub hub("ep", 0);
  publish(hub, 1, 10);
  Place place{0, 0};
  CHECK(numbers_of(hub.read(place, {}, {1U << 20U, 3})) == range(1, 3));
  CHECK(numbers_of(hub.read(place, {}, {1, 100})) == range(4, 4));
  CHECK(numbers_of(hub.read(place, {}, {1U << 20U, 100})) == range(5, 10));
}

TEST_CASE("a transient event has no id and is for those who are up to date") {
  Hub hub("ep", 0);
  auto live = hub.live();
  publish(hub, 1, 1);
  hub.broadcast(turn("c"));
  publish(hub, 2, 2);
  const auto reading = hub.read(live, {});
  REQUIRE(numbers_of(reading) == Numbers{1, 1, 2});
  const auto bytes = std::string(reading.frames[1]->slice(hub::Naming::unnamed).view());
  CHECK(bytes.starts_with("data: {\"type\":\"turn.started\""));
  Place resumed{1, 0};
  CHECK(numbers_of(hub.read(resumed, {})) == range(2, 2));
}

TEST_CASE("who has nothing in the ring is at its end at once, and misses nothing that comes") {
  Hub hub("ep", 0, {4, 1U << 20U});
  Place place{0, 0};
  const hub::Filter wanted{"a", {}};
  hub.publish(std::vector{shared_message(1, "b"), shared_message(2, "b")});
  CHECK(hub.read(place, wanted).state == State::nothing);
  CHECK(place.number == 2);
  SUBCASE("its own") {
    hub.publish(std::vector{shared_message(3, "a"), shared_message(4, "b")});
    CHECK(numbers_of(hub.read(place, wanted)) == Numbers{3});
    CHECK(place.number == 4);
  }
  SUBCASE("its own, of which the ring has dropped the older ones") {
    for (model::LogNumber n = 3; n <= 9; ++n) hub.publish(std::vector{shared_message(n, "a")});
    hub.publish(std::vector{shared_message(10, "b")});
    const auto behind = hub.read(place, wanted);
    REQUIRE(behind.state == State::behind);
    place = {behind.until, 0};
    CHECK(numbers_of(hub.read(place, wanted)) == range(7, 9));
  }
  SUBCASE("all of its own dropped") {
    hub.publish(std::vector{shared_message(3, "a")});
    for (model::LogNumber n = 4; n <= 9; ++n) hub.publish(std::vector{shared_message(n, "b")});
    CHECK(hub.read(place, wanted).state == State::behind);
    place = {8, 0};
    CHECK(hub.read(place, wanted).state == State::nothing);
    CHECK(place.number == 9);
  }
  SUBCASE("what is for everyone") {
    hub.announce("ping", "{}");
    CHECK(hub.read(place, wanted).frames.size() == 1);
  }
  SUBCASE("ahead of the hub") {
    place = {5, 0};
    CHECK(hub.read(place, wanted).state == State::nothing);
    hub.publish(std::vector{shared_message(3, "a"), shared_message(5, "a"), shared_message(6, "a")});
    CHECK(numbers_of(hub.read(place, wanted)) == Numbers{6});
  }
}

TEST_CASE("the listener hears what each publish, broadcast and announcement is about") {
  Hub log("ep", 0);
  std::vector<hub::News> heard;
  log.on_news([&](const hub::News& news) { heard.push_back(news); });
  log.publish(std::vector{shared_message(1, "a"), shared_message(2, "b"), shared_message(3, "a")});
  log.broadcast(turn("c"));
  log.announce("ping", "{}");
  CHECK(heard == std::vector<hub::News>{{hub::topic_of("a"), hub::topic_of("b"), hub::topic_of("a")},
                                        {hub::topic_of("c")},
                                        {hub::k_every_topic}});
  CHECK(hub::topic_of("a") != hub::topic_of("b"));
  CHECK(hub::topic_of("") == hub::k_every_topic);
}

TEST_CASE("readers and a publisher at work together see every event once") {
  constexpr model::LogNumber k_last = 3000;
  Hub hub("ep", 0, {64, 1U << 20U});
  std::atomic<bool> fine{true};
  const auto read_all = [&] {
    Place place{0, 0};
    model::LogNumber expected = 1;
    while (expected <= k_last) {
      const auto reading = hub.read(place, {}, {1U << 20U, 7});
      if (reading.state == State::behind) {
        place = {std::max(place.number, reading.until), 0};
        expected = place.number + 1;
      }
      for (const auto& frame : reading.frames) {
        if (frame->number() != expected++ || frame->slice(hub::Naming::named).view().empty()) fine = false;
      }
      std::this_thread::yield();
    }
  };
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) readers.emplace_back(read_all);
  for (model::LogNumber n = 1; n <= k_last; ++n) publish(hub, n, n);
  for (auto& reader : readers) reader.join();
  CHECK(fine);
}
