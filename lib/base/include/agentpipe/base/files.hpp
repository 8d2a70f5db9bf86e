#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "agentpipe/base/result.hpp"

namespace agentpipe::base {

/// An open file descriptor, closed at the end of its life.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor();

  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool valid() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

/// Files that hold conversations or keys are made with it: nobody else reads them.
inline constexpr unsigned k_private_file = 0600;

/// The whole file; `not_found` when there is none, `too_large` above `limit` bytes, `io` otherwise.
Result<std::string> read_file(const std::filesystem::path& path, std::uint64_t limit);

/// Replaces the file as a whole or not at all: temporary file in the same folder, fsync, rename, fsync of the
/// folder. The file has mode 0600 before the first byte is in it. A symbolic link is followed, not replaced.
Result<void> write_file_atomically(const std::filesystem::path& path, std::string_view bytes);

/// Makes the folder and its missing parents with mode 0700; refuses one that belongs to another user.
Result<void> ensure_private_directory(const std::filesystem::path& path);

/// May people other than the owner read it? False when there is no such file.
bool readable_by_others(const std::filesystem::path& path);

/// The sentence for an errno value: "Permission denied".
std::string system_message(int error_number);

}  // namespace agentpipe::base
