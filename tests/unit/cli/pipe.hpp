#pragma once

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <string>
#include <string_view>

#include "agentpipe/base/files.hpp"

namespace agentpipe::test {

/// Both ends of a pipe.
struct Pipe {
  base::FileDescriptor read_end;
  base::FileDescriptor write_end;
  Pipe() {
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    read_end = base::FileDescriptor(ends[0]);
    write_end = base::FileDescriptor(ends[1]);
  }
  void write(std::string_view bytes) const {
    CHECK(::write(write_end.get(), bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  }
  void close() { write_end = {}; }
  /// So many bytes, or what there is up to the end.
  [[nodiscard]] std::string read(std::size_t count) const {
    std::string bytes(count, '\0');
    std::size_t held = 0;
    for (ssize_t got = 1; held < count && got > 0; held += got > 0 ? static_cast<std::size_t>(got) : 0)
      got = ::read(read_end.get(), bytes.data() + held, count - held);
    bytes.resize(held);
    return bytes;
  }
  /// Everything up to the end; the write end must be closed.
  [[nodiscard]] std::string rest() const {
    std::string all;
    char buffer[4096];
    for (ssize_t count = 0; (count = ::read(read_end.get(), buffer, sizeof buffer)) > 0;) {
      all.append(buffer, static_cast<std::size_t>(count));
    }
    return all;
  }
};

}  // namespace agentpipe::test
