#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "agentpipe/base/files.hpp"
#include "agentpipe/delivery/file_system.hpp"

namespace agentpipe::delivery {

namespace {

namespace fs = std::filesystem;
using base::ErrorCode;

constexpr mode_t k_private_folder = 0700;
constexpr mode_t k_writable_by_others = S_IWGRP | S_IWOTH;

tl::unexpected<base::Error> failed(const char* what, const fs::path& path, int number) {
  const auto code = number == ENOENT ? ErrorCode::not_found : ErrorCode::io;
  auto error = base::failure(
      code, std::string("cannot ") + what + " " + path.string() + ": " + base::system_message(number));
  if (number == ENOSPC || number == EDQUOT) error.value().reason = k_no_space;
  return error;
}

base::Result<void> checked(int result, const char* what, const fs::path& path) {
  if (result != 0) return failed(what, path, errno);
  return {};
}

bool is_ours(const struct stat& info) {
  return info.st_uid == ::geteuid() && (info.st_mode & k_writable_by_others) == 0;
}

tl::unexpected<base::Error> not_ours(const fs::path& path) {
  return base::failure(ErrorCode::io, path.string() +
                                          " may be changed by other users; give it back with chown and "
                                          "chmod go-w, or move it away");
}

class PosixFile final : public File {
 public:
  PosixFile(base::FileDescriptor fd, fs::path path) : fd_(std::move(fd)), path_(std::move(path)) {}

  base::Result<void> append(std::string_view bytes) override {
    ssize_t done = 0;
    do {
      done = ::write(fd_.get(), bytes.data(), bytes.size());
    } while (done < 0 && errno == EINTR);
    // What is written short of the whole has hit the end of the disk.
    if (done < 0) return failed("write", path_, errno);
    if (static_cast<std::size_t>(done) < bytes.size()) return failed("write", path_, ENOSPC);
    return {};
  }
  base::Result<void> write_at(std::uint64_t offset, std::string_view bytes) override {
    const auto done = ::pwrite(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (done < 0) return failed("write", path_, errno);
    if (static_cast<std::size_t>(done) < bytes.size()) return failed("write", path_, ENOSPC);
    return {};
  }
  base::Result<std::size_t> read_at(std::uint64_t offset, char* room, std::size_t size) override {
    std::size_t filled = 0;
    while (filled < size) {
      const auto got = ::pread(fd_.get(), room + filled, size - filled, static_cast<off_t>(offset + filled));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return failed("read", path_, errno);
      if (got == 0) break;
      filled += static_cast<std::size_t>(got);
    }
    return filled;
  }
  base::Result<void> sync() override { return checked(::fdatasync(fd_.get()), "sync", path_); }
  base::Result<void> truncate(std::uint64_t size) override {
    return checked(::ftruncate(fd_.get(), static_cast<off_t>(size)), "shorten", path_);
  }
  [[nodiscard]] base::Result<std::uint64_t> size() override {
    struct stat info {};
    if (::fstat(fd_.get(), &info) != 0) return failed("look at", path_, errno);
    return static_cast<std::uint64_t>(info.st_size);
  }
  bool lock(Hold hold) override {
    struct stat info {};
    const int kind = hold == Hold::alone ? LOCK_EX : LOCK_SH;
    return ::flock(fd_.get(), kind | LOCK_NB) == 0 && ::fstat(fd_.get(), &info) == 0 && info.st_nlink > 0;
  }

 private:
  base::FileDescriptor fd_;
  fs::path path_;
};

/// statfs(2): NFS, SMB (three generations), AFS, Coda, Ceph, 9P, GFS2, Lustre.
constexpr auto k_network_file_systems =
    std::to_array<std::uint32_t>({0x6969, 0x517B, 0xFF534D42, 0xFE534D42, 0x5346414F, 0x73757245, 0x00C36400,
                                  0x01021997, 0x01161970, 0x0BD00BD0});

constexpr auto k_flags = std::to_array<int>({
    O_RDONLY,
    O_WRONLY | O_CREAT | O_EXCL | O_APPEND,
    O_RDWR | O_CREAT,
    O_RDWR,
});

FolderEntry entry_of(const fs::path& path) {
  FolderEntry entry{path.filename().string()};
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) return entry;
  if (S_ISREG(info.st_mode)) entry.kind = FolderEntry::Kind::file;
  if (S_ISDIR(info.st_mode)) entry.kind = FolderEntry::Kind::folder;
  entry.trust = is_ours(info) ? FolderEntry::Trust::ours : FolderEntry::Trust::foreign;
  entry.bytes = static_cast<std::uint64_t>(info.st_size);
  return entry;
}

class PosixFileSystem final : public FileSystem {
 public:
  base::Result<std::unique_ptr<File>> open(const fs::path& path, Open how) override {
    // O_NONBLOCK: a FIFO must not hold us up before it is refused.
    constexpr int k_always = O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;
    base::FileDescriptor fd(
        ::open(path.c_str(), k_flags[static_cast<std::size_t>(how)] | k_always, base::k_private_file));
    struct stat info {};
    if (!fd.valid() || ::fstat(fd.get(), &info) != 0) return failed("open", path, errno);
    if (!S_ISREG(info.st_mode)) return base::failure(ErrorCode::io, path.string() + " is no plain file");
    if (!is_ours(info)) return not_ours(path);
    return std::make_unique<PosixFile>(std::move(fd), path);
  }

  base::Result<std::vector<FolderEntry>> list(const fs::path& folder) override {
    std::vector<FolderEntry> entries;
    std::error_code error;
    auto at = fs::directory_iterator(folder, error);
    if (error == std::errc::no_such_file_or_directory) return entries;
    for (; !error && at != fs::directory_iterator(); at.increment(error)) {
      entries.push_back(entry_of(at->path()));
    }
    if (error) return failed("list", folder, error.value());
    std::ranges::sort(entries, {}, &FolderEntry::name);
    return entries;
  }

  base::Result<void> make_folder(const fs::path& folder) override {
    struct stat info {};
    if (::lstat(folder.c_str(), &info) != 0) {
      const fs::path parent = folder.has_parent_path() ? folder.parent_path() : ".";
      if (::stat(parent.c_str(), &info) != 0) {
        if (auto made = make_folder(parent); !made) return made;
      }
      if (::mkdir(folder.c_str(), k_private_folder) != 0 && errno != EEXIST)
        return failed("make folder", folder, errno);
      if (auto synced = sync_folder(parent); !synced) return synced;
      if (::lstat(folder.c_str(), &info) != 0) return failed("look at", folder, errno);
    }
    if (!S_ISDIR(info.st_mode)) return base::failure(ErrorCode::io, folder.string() + " is no folder");
    if (!is_ours(info)) return not_ours(folder);
    return {};
  }

  base::Result<void> remove(const fs::path& file) override {
    return checked(::unlink(file.c_str()), "remove", file);
  }
  base::Result<void> remove_folder(const fs::path& folder) override {
    return checked(::rmdir(folder.c_str()), "remove", folder);
  }
  base::Result<void> rename(const fs::path& from, const fs::path& to) override {
    return checked(::rename(from.c_str(), to.c_str()), "rename", from);
  }
  base::Result<void> sync_folder(const fs::path& folder) override {
    const base::FileDescriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd.valid()) return failed("open folder", folder, errno);
    return checked(::fsync(fd.get()), "sync folder", folder);
  }
  base::Result<void> reserve(const fs::path& file, std::uint64_t bytes) override {
    const base::FileDescriptor fd(
        ::open(file.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, base::k_private_file));
    if (!fd.valid()) return failed("open", file, errno);
    if (const int number = ::posix_fallocate(fd.get(), 0, static_cast<off_t>(bytes)); number != 0) {
      ::unlink(file.c_str());
      return failed("reserve room for", file, number);
    }
    return {};
  }
  bool is_remote(const fs::path& folder) override {
    struct statfs info {};
    return ::statfs(folder.c_str(), &info) == 0 &&
           std::ranges::find(k_network_file_systems, static_cast<std::uint32_t>(info.f_type)) !=
               k_network_file_systems.end();
  }
};

}  // namespace

std::unique_ptr<FileSystem> make_posix_file_system() {
  return std::make_unique<PosixFileSystem>();
}

}  // namespace agentpipe::delivery
