#include "agentpipe/base/files.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>

#include "temporary_directory.hpp"

using namespace agentpipe::base;
using agentpipe::test::TemporaryDirectory;
namespace fs = std::filesystem;

namespace {

unsigned mode_of(const fs::path& path) {
  return static_cast<unsigned>(fs::status(path).permissions()) & 0777U;
}

}  // namespace

TEST_CASE("a file is replaced as a whole and readable by its owner only") {
  const TemporaryDirectory folder;
  const auto path = folder.path() / "settings";
  REQUIRE(write_file_atomically(path, "one"));
  fs::permissions(path, fs::perms::all);
  REQUIRE(write_file_atomically(path, "two"));
  CHECK(read_file(path, 100).value() == "two");
  CHECK(mode_of(path) == 0600);
  CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("a symbolic link keeps pointing at the file that is replaced") {
  const TemporaryDirectory folder;
  REQUIRE(write_file_atomically(folder.path() / "real", "one"));
  fs::create_symlink(folder.path() / "real", folder.path() / "link");
  REQUIRE(write_file_atomically(folder.path() / "link", "two"));
  CHECK(fs::is_symlink(folder.path() / "link"));
  CHECK(read_file(folder.path() / "real", 100).value() == "two");
}

TEST_CASE("reading says what is wrong") {
  const TemporaryDirectory folder;
  const auto path = folder.path() / "file";
  CHECK(read_file(path, 10).error().code == ErrorCode::not_found);
  CHECK(read_file(folder.path(), 10).error().message.ends_with("Is a directory"));
  REQUIRE(write_file_atomically(path, "0123456789"));
  CHECK(read_file(path, 10).value() == "0123456789");
  CHECK(read_file(path, 9).error().code == ErrorCode::too_large);
}

TEST_CASE("a private folder is made with its parents, for its owner only") {
  const TemporaryDirectory folder;
  const auto path = folder.path() / "a" / "b";
  REQUIRE(ensure_private_directory(path));
  REQUIRE(ensure_private_directory(path));
  CHECK(mode_of(path) == 0700);
  CHECK(mode_of(folder.path() / "a") == 0700);
  REQUIRE(write_file_atomically(folder.path() / "file", ""));
  CHECK(ensure_private_directory(folder.path() / "file").error().message.ends_with("Not a directory"));
}

TEST_CASE("a file that others may read is noticed") {
  const TemporaryDirectory folder;
  const auto path = folder.path() / "file";
  CHECK_FALSE(readable_by_others(path));
  REQUIRE(write_file_atomically(path, ""));
  CHECK_FALSE(readable_by_others(path));
  ::chmod(path.c_str(), 0640);
  CHECK(readable_by_others(path));
}
