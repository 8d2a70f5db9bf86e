#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "agentpipe/base/files.hpp"

namespace agentpipe::formats {

/// Bytes that have to be read in any order and came in one: a private file without a name, which is gone when
/// it is closed, however the process ends. One thread.
class UnnamedFile {
 public:
  /// Takes room in `folder`, which is made when it is missing; empty: in memory. Error `io`.
  static base::Result<UnnamedFile> in(const std::filesystem::path& folder);

  base::Result<void> append(std::string_view bytes);
  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// Where this process can open it as long as it lives.
  [[nodiscard]] std::filesystem::path path() const;

 private:
  explicit UnnamedFile(base::FileDescriptor file) : file_(std::move(file)) {}

  base::FileDescriptor file_;
  std::uint64_t size_ = 0;
};

}  // namespace agentpipe::formats
