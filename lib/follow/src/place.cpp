#include "agentpipe/follow/place.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "agentpipe/base/crypto.hpp"

namespace agentpipe::follow {

namespace {

using base::ErrorCode;

base::Result<Facts> read_facts(const struct stat& info, const std::string& path) {
  if (!S_ISREG(info.st_mode)) {
    return base::failure(ErrorCode::invalid, path + " is not a regular file; name the file itself");
  }
  constexpr std::int64_t k_second = 1'000'000'000;
  return Facts{static_cast<std::uint64_t>(info.st_dev), static_cast<std::uint64_t>(info.st_ino),
               static_cast<std::uint64_t>(info.st_size),
               info.st_mtim.tv_sec * k_second + static_cast<std::int64_t>(info.st_mtim.tv_nsec)};
}

tl::unexpected<base::Error> trouble(const std::string& path, int number) {
  const auto code = number == ENOENT || number == ENOTDIR ? ErrorCode::not_found
                    : number == ELOOP                     ? ErrorCode::invalid
                                                          : ErrorCode::io;
  return base::failure(code, "cannot read " + path + ": " + base::system_message(number));
}

base::Result<std::string> hash_of_head(const base::FileDescriptor& file, std::size_t size) {
  std::string head(size, '\0');
  std::size_t got = 0;
  while (got < size) {
    const auto count = ::pread(file.get(), head.data() + got, size - got, static_cast<off_t>(got));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return base::failure(ErrorCode::io, base::system_message(errno));
    if (count == 0) return std::string();  // shorter than that by now
    got += static_cast<std::size_t>(count);
  }
  return base::sha256_hex(head);
}

/// Does what was read before still stand there?
base::Result<bool> goes_on(const base::FileDescriptor& file, const Facts& now, const Place& before) {
  if (now.size < before.offset || now.size < before.head_size) return false;
  const auto hash = hash_of_head(file, before.head_size);
  if (!hash) return base::forward(hash);
  return *hash == before.head_hash;
}

}  // namespace

base::Result<Facts> facts_of(const std::string& path) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) return trouble(path, errno);
  return read_facts(info, path);
}

base::Result<void> note_head(const base::FileDescriptor& file, Place& place) {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(place.offset, k_head));
  if (size == place.head_size && !place.head_hash.empty()) return {};
  auto hash = hash_of_head(file, size);
  if (!hash) return base::forward(hash);
  place.head_size = size;
  place.head_hash = std::move(*hash);
  return {};
}

base::Result<Resumption> resume(const std::string& path, const std::optional<Place>& remembered) {
  Resumption result;
  result.file =
      base::FileDescriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
  struct stat info {};
  if (!result.file.valid() || ::fstat(result.file.get(), &info) != 0) return trouble(path, errno);
  const auto facts = read_facts(info, path);
  if (!facts) return base::forward(facts);
  const auto same = remembered ? goes_on(result.file, *facts, *remembered) : base::Result<bool>(false);
  if (!same) return base::forward(same);
  if (*same) result.place = *remembered;
  result.place.facts = *facts;
  result.from_start = !*same;
  return result;
}

}  // namespace agentpipe::follow
