#include "agentpipe/base/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "agentpipe/base/crypto.hpp"
#include "agentpipe/base/text.hpp"

namespace agentpipe::base {

namespace fs = std::filesystem;

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) ::close(fd_);
}

std::string system_message(int error_number) {
  return std::generic_category().message(error_number);
}

namespace {

constexpr mode_t k_private_directory = 0700;

tl::unexpected<Error> io_failure(const std::string& what, const fs::path& path, int error_number) {
  const auto code = error_number == ENOENT ? ErrorCode::not_found : ErrorCode::io;
  return failure(code, what + " " + path.string() + ": " + system_message(error_number));
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

Result<void> sync_directory(const fs::path& directory) {
  const FileDescriptor fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid() || ::fsync(fd.get()) != 0) return io_failure("cannot sync folder", directory, errno);
  return {};
}

}  // namespace

Result<std::string> read_file(const fs::path& path, std::uint64_t limit) {
  const FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return io_failure("cannot read", path, errno);
  std::string bytes;
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return io_failure("cannot read", path, errno);
  if (S_ISDIR(status.st_mode)) return io_failure("cannot read", path, EISDIR);
  std::size_t filled = 0;
  for (;;) {
    constexpr std::size_t step = 64UL * 1024;
    const auto expected = static_cast<std::size_t>(status.st_size) + 1;
    bytes.resize(std::max(filled + step, expected));
    const auto got = ::read(fd.get(), bytes.data() + filled, bytes.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return io_failure("cannot read", path, errno);
    filled += static_cast<std::size_t>(got);
    if (filled > limit)
      return failure(ErrorCode::too_large, path.string() + " is larger than " + human_bytes(limit));
    if (got == 0) break;
  }
  bytes.resize(filled);
  return bytes;
}

Result<void> write_file_atomically(const fs::path& path, std::string_view bytes) {
  std::error_code ignored;
  const auto target = fs::is_symlink(path, ignored) ? fs::weakly_canonical(path, ignored) : path;
  const auto directory = target.has_parent_path() ? target.parent_path() : fs::path(".");
  const auto temporary = directory / (target.filename().string() + ".tmp-" + to_hex(random_bytes(6)));
  const FileDescriptor fd(
      ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, k_private_file));
  if (!fd.valid()) return io_failure("cannot write", target, errno);
  if (!write_all(fd.get(), bytes) || ::fsync(fd.get()) != 0 ||
      ::rename(temporary.c_str(), target.c_str()) != 0) {
    const int reason = errno;
    ::unlink(temporary.c_str());
    return io_failure("cannot write", target, reason);
  }
  return sync_directory(directory);
}

Result<void> ensure_private_directory(const fs::path& path) {
  std::error_code error;
  if (path.has_parent_path() && !fs::exists(path.parent_path(), error))
    if (auto made = ensure_private_directory(path.parent_path()); !made) return made;
  if (::mkdir(path.c_str(), k_private_directory) == 0) return {};
  if (errno != EEXIST) return io_failure("cannot make folder", path, errno);
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return io_failure("cannot use folder", path, errno);
  if (!S_ISDIR(status.st_mode)) return io_failure("cannot use folder", path, ENOTDIR);
  if (status.st_uid != ::geteuid())
    return failure(ErrorCode::io, "folder " + path.string() +
                                      " belongs to another user; choose another or change its owner");
  return {};
}

bool readable_by_others(const fs::path& path) {
  struct stat status {};
  constexpr mode_t others = 0077;
  return ::stat(path.c_str(), &status) == 0 && (status.st_mode & others) != 0;
}

}  // namespace agentpipe::base
