#include "standard_channels.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <sstream>

#include "pipe.hpp"

using namespace agentpipe;

namespace {

std::string numbered_lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += std::to_string(i) + "\n";
  return text;
}

}  // namespace

TEST_CASE("what a stream prints arrives, short or long, and the stream is as before afterwards") {
  test::Pipe pipe;
  const std::string text = numbered_lines(5000);
  std::ostringstream stream;
  {
    const cli::OutputBuffer output(stream, pipe.write_end.get());
    stream << 'a' << std::flush;
    CHECK(pipe.read(1) == "a");
    stream << text;
    stream.flush();
    CHECK(output.error() == 0);
    stream << "last";
  }
  stream << "elsewhere";
  pipe.close();
  CHECK(pipe.rest() == text + "last");
  CHECK(stream.str() == "elsewhere");
}

TEST_CASE("why output failed is known, however much was printed afterwards") {
  const base::FileDescriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  std::ostringstream stream;
  const cli::OutputBuffer output(stream, full.get());
  stream << "short" << std::flush;
  CHECK(output.error() == ENOSPC);
  stream << numbered_lines(5000) << std::flush;
  CHECK(output.error() == ENOSPC);
  CHECK_FALSE(stream);
}
