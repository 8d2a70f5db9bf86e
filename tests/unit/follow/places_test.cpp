#include "agentpipe/follow/places.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "temporary_directory.hpp"

using namespace agentpipe;
using follow::Place;
using follow::Places;

namespace {

Place place_at(std::uint64_t offset) {
  return {{1, 2, offset + 5, 1'700'000'000'123'456'789}, offset, 3, 4, "abcd", "agentpipe-events", "a\tb\n"};
}

struct OffsetsScene {
  test::TemporaryDirectory folder;
  std::filesystem::path file = folder.path() / "state/offsets";

  [[nodiscard]] std::string text() const {
    std::ostringstream all;
    all << std::ifstream(file, std::ios::binary).rdbuf();
    return all.str();
  }
  void append(const std::string& text) const {
    std::ofstream(file, std::ios::binary | std::ios::app) << text;
  }
  [[nodiscard]] Places open() const { return Places::open(file).value(); }
};

}  // namespace

TEST_CASE("what was remembered last counts, in a private file") {
  const OffsetsScene scene;
  {
    auto places = scene.open();
    REQUIRE(places.remember("/a b\té", place_at(10)));
    REQUIRE(places.remember("/c", place_at(1)));
    REQUIRE(places.remember("/a b\té", place_at(20)));
  }
  const auto places = scene.open();
  CHECK(places.size() == 2);
  CHECK(*places.find("/a b\té") == place_at(20));
  CHECK(*places.find("/c") == place_at(1));
  CHECK(places.find("/d") == nullptr);
  CHECK(std::filesystem::status(scene.file).permissions() ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  CHECK(std::filesystem::status(scene.file.parent_path()).permissions() == std::filesystem::perms::owner_all);
}

TEST_CASE("the same place twice is written once") {
  const OffsetsScene scene;
  auto places = scene.open();
  REQUIRE(places.remember("/a", place_at(10)));
  const auto before = scene.text();
  REQUIRE(places.remember("/a", place_at(10)));
  CHECK(scene.text() == before);
}

TEST_CASE("what must not outlive the process is not written") {
  const OffsetsScene scene;
  auto places = scene.open();
  REQUIRE(places.remember("/a", place_at(10)));
  places.write_nothing();
  REQUIRE(places.remember("/a", place_at(20)));
  CHECK(places.find("/a")->offset == 20);
  CHECK(scene.open().find("/a")->offset == 10);
}

TEST_CASE("a damaged line and a torn end are passed over, and do no harm to what follows") {
  const OffsetsScene scene;
  {
    auto places = scene.open();
    REQUIRE(places.remember("/a", place_at(10)));
  }
  auto damaged = scene.text();
  damaged[damaged.size() / 2] ^= 1;
  scene.append(damaged + "no such line\n" + scene.text().substr(0, 20));
  {
    auto places = scene.open();
    CHECK(*places.find("/a") == place_at(10));
    REQUIRE(places.remember("/b", place_at(7)));
  }
  CHECK(*scene.open().find("/b") == place_at(7));
}

TEST_CASE("old lines are cleared away at the next start") {
  const OffsetsScene scene;
  {
    auto places = scene.open();
    for (std::uint64_t offset = 0; offset < 1100; ++offset) REQUIRE(places.remember("/a", place_at(offset)));
  }
  const auto long_text = scene.text().size();
  CHECK(*scene.open().find("/a") == place_at(1099));
  CHECK(scene.text().size() < long_text / 1000);
}

TEST_CASE("two processes may share the file") {
  const OffsetsScene scene;
  auto one = scene.open();
  auto two = scene.open();
  REQUIRE(one.remember("/a", place_at(1)));
  REQUIRE(two.remember("/b", place_at(2)));
  REQUIRE(one.remember("/a", place_at(3)));
  const auto both = scene.open();
  CHECK((both.size() == 2 && both.find("/a")->offset == 3 && both.find("/b")->offset == 2));
}

TEST_CASE("a file that moved is found by what it is, not by its name") {
  const OffsetsScene scene;
  auto places = scene.open();
  REQUIRE(places.remember("/a", place_at(1)));
  CHECK(places.find_moved({1, 2, 99, 0})->offset == 1);
  CHECK(places.find_moved({1, 3, 99, 0}) == nullptr);
}
