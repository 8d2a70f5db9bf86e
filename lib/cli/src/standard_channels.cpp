#include "standard_channels.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace agentpipe::cli {

void open_closed_channels() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    // The lowest free number is the one that is given out, so the file stays where it belongs.
    if (::fcntl(fd, F_GETFD) < 0) ::open("/dev/null", O_RDWR);
  }
}

OutputBuffer::OutputBuffer(std::ostream& stream, int fd)
    : stream_(stream), before_(stream.rdbuf(this)), fd_(fd) {
  setp(room_.data(), room_.data() + room_.size());
}

OutputBuffer::~OutputBuffer() {
  sync();
  stream_.rdbuf(before_);
}

OutputBuffer::int_type OutputBuffer::overflow(int_type next) {
  if (sync() != 0) return traits_type::eof();
  if (!traits_type::eq_int_type(next, traits_type::eof())) sputc(traits_type::to_char_type(next));
  return traits_type::not_eof(next);
}

int OutputBuffer::sync() {
  const char* at = pbase();
  while (error_ == 0 && at < pptr()) {
    const auto count = ::write(fd_, at, static_cast<std::size_t>(pptr() - at));
    if (count >= 0) {
      at += count;
    } else if (errno == EAGAIN) {  // whoever shares a terminal or a pipe may have asked for that
      pollfd entry{fd_, POLLOUT, 0};
      ::poll(&entry, 1, -1);
    } else if (errno != EINTR) {
      error_ = errno;
    }
  }
  setp(room_.data(), room_.data() + room_.size());
  return error_ == 0 ? 0 : -1;
}

}  // namespace agentpipe::cli
