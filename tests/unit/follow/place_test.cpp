#include "agentpipe/follow/place.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "agentpipe/follow/tail.hpp"
#include "temporary_directory.hpp"

using namespace agentpipe;
using base::ErrorCode;
using follow::Place;

namespace {

struct FileScene {
  test::TemporaryDirectory folder;
  std::string path = (folder.path() / "a.jsonl").string();

  void write(const std::string& text) const {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
  }
  void append(const std::string& text) const {
    std::ofstream(path, std::ios::binary | std::ios::app) << text;
  }
  /// The place behind all that is there.
  [[nodiscard]] Place at_end() const {
    auto opened = follow::resume(path, {});
    REQUIRE(opened);
    CHECK(opened->from_start);
    opened->place.offset = opened->place.facts.size;
    REQUIRE(follow::note_head(opened->file, opened->place));
    return opened->place;
  }
  [[nodiscard]] bool goes_on(const Place& place) const {
    const auto opened = follow::resume(path, place);
    REQUIRE(opened);
    CHECK(opened->place.facts == follow::facts_of(path).value());
    CHECK(opened->place.offset == (opened->from_start ? 0 : place.offset));
    return !opened->from_start;
  }
};

}  // namespace

TEST_CASE("a file that has grown, or was copied, goes on; one that shrank or begins otherwise starts anew") {
  const FileScene scene;
  scene.write("one\ntwo\n");
  const auto place = scene.at_end();
  CHECK(place.offset == 8);
  CHECK(scene.goes_on(place));
  scene.append("three\n");
  CHECK(scene.goes_on(place));
  std::filesystem::copy_file(scene.path, scene.path + ".copy");
  std::filesystem::rename(scene.path + ".copy", scene.path);
  CHECK(scene.goes_on(place));
  scene.write("one\n");
  CHECK_FALSE(scene.goes_on(place));
  scene.write("One\ntwo\nthree\n");
  CHECK_FALSE(scene.goes_on(place));
  scene.write("");
  CHECK_FALSE(scene.goes_on(place));
}

TEST_CASE("the head that tells files apart grows with the file up to 1 KiB") {
  const FileScene scene;
  scene.write(std::string(100, 'a'));
  CHECK(scene.at_end().head_size == 100);
  scene.write(std::string(5000, 'a'));
  const auto place = scene.at_end();
  CHECK(place.head_size == follow::k_head);
  scene.write(std::string(1024, 'a') + std::string(5000, 'b'));
  CHECK(scene.goes_on(place));
}

TEST_CASE("links, pipes and folders are refused, what is not there is not found") {
  const FileScene scene;
  const auto code = [](const std::string& path) {
    const auto facts = follow::facts_of(path);
    const auto opened = follow::resume(path, {});
    REQUIRE_FALSE(facts);
    REQUIRE_FALSE(opened);
    CHECK(facts.error().code == opened.error().code);
    return facts.error().code;
  };
  CHECK(code(scene.path) == ErrorCode::not_found);
  scene.write("x\n");
  std::filesystem::create_symlink(scene.path, scene.path + ".link");
  CHECK(code(scene.path + ".link") == ErrorCode::invalid);
  REQUIRE(::mkfifo((scene.path + ".pipe").c_str(), 0600) == 0);
  CHECK(code(scene.path + ".pipe") == ErrorCode::invalid);
  CHECK(code(scene.folder.path().string()) == ErrorCode::invalid);
}

TEST_CASE("a tail gives whole lines only; an unfinished one comes when it is finished") {
  const FileScene scene;
  scene.write("one\ntwo\nthr");
  const auto opened = follow::resume(scene.path, {});
  REQUIRE(opened);
  follow::LineTail tail(opened->file.get(), 4, 1000);
  CHECK(tail.next().value() == "two\n");
  CHECK(tail.next().value() == "");
  CHECK(tail.offset() == 8);
  scene.append("ee\n");
  CHECK(tail.next().value() == "three\n");
  CHECK(tail.next().value() == "");
}

TEST_CASE("a line beyond the limit comes in pieces, so memory stays bounded") {
  const FileScene scene;
  const std::string line(1'000'000, 'x');
  scene.write(line);
  const auto opened = follow::resume(scene.path, {});
  REQUIRE(opened);
  follow::LineTail patient(opened->file.get(), 0, 2'000'000);
  CHECK(patient.next().value() == "");
  follow::LineTail strict(opened->file.get(), 0, 1000);
  std::string got;
  for (auto piece = strict.next(); piece && !piece->empty(); piece = strict.next()) got += *piece;
  CHECK(got == line);
}
