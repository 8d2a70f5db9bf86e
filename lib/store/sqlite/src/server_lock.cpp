#include "server_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <string>

namespace agentpipe::store::sqlite {

namespace {

using base::ErrorCode;

tl::unexpected<base::Error> cannot(const char* what, const std::filesystem::path& file, int error_number) {
  return base::failure(ErrorCode::io, std::string("Cannot ") + what + " " + file.string() + ": " +
                                          base::system_message(error_number) + ".");
}

}  // namespace

base::Result<base::FileDescriptor> take_lock(const std::filesystem::path& path) {
  const std::filesystem::path file = path.string() + ".lock";
  base::FileDescriptor lock(
      ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, base::k_private_file));
  if (!lock.valid()) return cannot("open the lock", file, errno);
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno != EWOULDBLOCK) return cannot("lock", file, errno);
  return base::failure_at({}, ErrorCode::configuration,
                          "Another server has the database " + path.string() +
                              " open; stop it, or give this one a file of its own.",
                          "database_in_use");
}

}  // namespace agentpipe::store::sqlite
