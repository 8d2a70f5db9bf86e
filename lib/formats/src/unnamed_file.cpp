#include "unnamed_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>

namespace agentpipe::formats {
namespace {

tl::unexpected<base::Error> failed() {
  return base::failure(base::ErrorCode::io, base::system_message(errno));
}

int open_in(const std::filesystem::path& folder) {
  auto name = (folder / "piped-XXXXXX").string();
  const int file = ::mkostemp(name.data(), O_CLOEXEC);
  if (file >= 0) ::unlink(name.c_str());
  return file;
}

}  // namespace

base::Result<UnnamedFile> UnnamedFile::in(const std::filesystem::path& folder) {
  if (!folder.empty()) {
    if (auto made = base::ensure_private_directory(folder); !made) return base::forward(made);
  }
  base::FileDescriptor file(folder.empty() ? ::memfd_create("agentpipe", MFD_CLOEXEC) : open_in(folder));
  if (!file.valid()) return failed();
  return UnnamedFile(std::move(file));
}

base::Result<void> UnnamedFile::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::write(file_.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return failed();
    size_ += static_cast<std::uint64_t>(count);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

std::filesystem::path UnnamedFile::path() const {
  return "/proc/self/fd/" + std::to_string(file_.get());
}

}  // namespace agentpipe::formats
