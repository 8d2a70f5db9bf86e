#include "agentpipe/follow/folder_watch.hpp"

#include <doctest/doctest.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>

#include "agentpipe/base/files.hpp"
#include "temporary_directory.hpp"

using namespace agentpipe;

namespace {

constexpr base::Milliseconds k_hang{30'000};

/// Waits until the path is among the changes; false after a hang.
bool noticed(follow::FolderWatch& watch, const std::filesystem::path& path) {
  while (true) {
    const auto changes = watch.wait(k_hang, -1);
    if (changes.paths.empty() && !changes.anything) return false;
    if (std::ranges::find(changes.paths, path.string()) != changes.paths.end()) return true;
  }
}

}  // namespace

TEST_CASE("what is made, appended to, renamed and removed in a watched folder is named") {
  const test::TemporaryDirectory folder;
  const auto watch = follow::make_inotify_watch();
  REQUIRE(watch);
  REQUIRE(watch->add(folder.path()));
  const auto file = folder.path() / "a";
  std::ofstream stream(file);
  CHECK(noticed(*watch, file));
  stream << "x" << std::flush;
  CHECK(noticed(*watch, file));
  std::filesystem::rename(file, folder.path() / "b");
  CHECK(noticed(*watch, folder.path() / "b"));
  std::filesystem::create_directory(folder.path() / "c");
  CHECK(noticed(*watch, folder.path() / "c"));
  std::filesystem::remove(folder.path() / "b");
  CHECK(noticed(*watch, folder.path() / "b"));
}

TEST_CASE(
    "a folder that is not there cannot be watched, and nothing wakes what watches nothing but the signal") {
  const auto watch = follow::make_inotify_watch();
  REQUIRE(watch);
  CHECK_FALSE(watch->add("/no/such/folder"));
  const base::FileDescriptor wake(::eventfd(1, EFD_CLOEXEC));
  const auto blind = follow::make_blind_watch();
  for (auto* each : {watch.get(), blind.get()}) {
    const auto changes = each->wait(base::Milliseconds(-1), wake.get());
    CHECK((changes.paths.empty() && !changes.anything));
  }
  CHECK_FALSE(blind->add("/"));
}
