#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "agentpipe/base/files.hpp"
#include "agentpipe/delivery/file_system.hpp"
#include "temporary_directory.hpp"

using namespace agentpipe;
using delivery::FileSystem;
using Open = delivery::FileSystem::Open;
using delivery::FolderEntry;

namespace {

struct FolderScene {
  test::TemporaryDirectory folder;
  std::unique_ptr<FileSystem> files = delivery::make_posix_file_system();

  [[nodiscard]] std::filesystem::path at(const char* name) const { return folder.path() / name; }
  [[nodiscard]] static unsigned mode(const std::filesystem::path& path) {
    struct stat info {};
    REQUIRE(::lstat(path.c_str(), &info) == 0);
    return info.st_mode & 07777U;
  }
};

}  // namespace

TEST_CASE("folders are made with all their parents for the user alone, files too") {
  FolderScene s;
  REQUIRE(s.files->make_folder(s.at("a") / "b"));
  REQUIRE(s.files->open(s.at("a") / "b" / "f", Open::create));
  CHECK(FolderScene::mode(s.at("a")) == 0700);
  CHECK(FolderScene::mode(s.at("a") / "b") == 0700);
  CHECK(FolderScene::mode(s.at("a") / "b" / "f") == 0600);
  CHECK(s.files->make_folder(s.at("a") / "b"));
}

TEST_CASE("a folder below the working folder is made, too; one without a name is not") {
  FolderScene s;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(s.folder.path());
  CHECK(s.files->make_folder("a/b"));
  CHECK_FALSE(s.files->make_folder(""));
  std::filesystem::current_path(before);
  CHECK(std::filesystem::is_directory(s.at("a") / "b"));
}

TEST_CASE("what is appended and written in place is read back; a file is created once and found afterwards") {
  FolderScene s;
  auto file = s.files->open(s.at("f"), Open::create).value();
  REQUIRE(file->append("one two"));
  REQUIRE(file->sync());
  CHECK_FALSE(s.files->open(s.at("f"), Open::create));
  auto again = s.files->open(s.at("f"), Open::modify).value();
  REQUIRE(again->write_at(4, "TWO"));
  REQUIRE(again->truncate(6));
  CHECK(again->size().value() == 6);
  std::string room(10, '.');
  CHECK(again->read_at(0, room.data(), room.size()).value() == 6);
  CHECK(room == "one TW....");
  const auto missing = s.files->open(s.at("none"), Open::read);
  CHECK(missing.error().code == base::ErrorCode::not_found);
}

TEST_CASE("links, FIFOs, folders and what others may change are refused as files and as folders") {
  FolderScene s;
  REQUIRE(s.files->open(s.at("real"), Open::create));
  REQUIRE(::symlink(s.at("real").c_str(), s.at("link").c_str()) == 0);
  REQUIRE(::mkfifo(s.at("fifo").c_str(), 0600) == 0);
  REQUIRE(s.files->make_folder(s.at("folder")));
  REQUIRE(s.files->open(s.at("open"), Open::create));
  REQUIRE(::chmod(s.at("open").c_str(), 0620) == 0);
  for (const char* name : {"link", "fifo", "folder", "open"}) {
    CAPTURE(name);
    for (const Open how : {Open::read, Open::update, Open::modify})
      CHECK_FALSE(s.files->open(s.at(name), how));
  }
  REQUIRE(::symlink(s.at("folder").c_str(), s.at("folder-link").c_str()) == 0);
  CHECK_FALSE(s.files->make_folder(s.at("folder-link")));
  CHECK_FALSE(s.files->make_folder(s.at("real")));
  REQUIRE(::chmod(s.at("folder").c_str(), 0770) == 0);
  CHECK_FALSE(s.files->make_folder(s.at("folder")));
}

TEST_CASE("a listing tells kinds and whom they belong to, by name; a folder that is not there is empty") {
  FolderScene s;
  REQUIRE(s.files->open(s.at("b"), Open::create).value()->append("xyz"));
  REQUIRE(s.files->make_folder(s.at("a")));
  REQUIRE(::symlink("b", s.at("c").c_str()) == 0);
  const auto entries = s.files->list(s.folder.path()).value();
  REQUIRE(entries.size() == 3);
  CHECK(entries[0].name == "a");
  CHECK(entries[0].kind == FolderEntry::Kind::folder);
  CHECK(entries[1].kind == FolderEntry::Kind::file);
  CHECK(entries[1].bytes == 3);
  CHECK(entries[1].trust == FolderEntry::Trust::ours);
  CHECK(entries[2].kind != FolderEntry::Kind::file);
  CHECK(s.files->list(s.at("none")).value().empty());
}

TEST_CASE("a lock keeps others out for the life of the file, and a removed file cannot be locked") {
  FolderScene s;
  auto mine = s.files->open(s.at("lock"), Open::update).value();
  CHECK(mine->lock(delivery::File::Hold::alone));
  auto other = s.files->open(s.at("lock"), Open::modify).value();
  CHECK_FALSE(other->lock(delivery::File::Hold::alone));
  mine.reset();
  CHECK(other->lock(delivery::File::Hold::alone));
  auto late = s.files->open(s.at("lock"), Open::modify).value();
  other.reset();
  REQUIRE(s.files->remove(s.at("lock")));
  CHECK_FALSE(late->lock(delivery::File::Hold::alone));
}

TEST_CASE("room that is kept is there, and a file is renamed over another") {
  FolderScene s;
  REQUIRE(s.files->reserve(s.at("reserve"), 65536));
  struct stat info {};
  REQUIRE(::stat(s.at("reserve").c_str(), &info) == 0);
  CHECK(info.st_blocks * 512 >= 65536);
  REQUIRE(s.files->open(s.at("new"), Open::create).value()->append("new"));
  REQUIRE(s.files->rename(s.at("new"), s.at("reserve")));
  CHECK(base::read_file(s.at("reserve"), 100).value() == "new");
  REQUIRE(s.files->sync_folder(s.folder.path()));
  REQUIRE(s.files->make_folder(s.at("folder")));
  CHECK(s.files->remove_folder(s.at("folder")));
  CHECK_FALSE(s.files->is_remote(s.folder.path()));
}
