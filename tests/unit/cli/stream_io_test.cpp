#include "stream_io.hpp"

#include <doctest/doctest.h>

#include <istream>
#include <thread>

#include "cli_scene.hpp"
#include "pipe.hpp"

using namespace agentpipe;

namespace {

/// An input, and somebody behind the tee.
struct TeeScene {
  test::SilentSignals signals;
  cli::StreamControl control{signals};
  test::Pipe input, passed_on;
  cli::Tee tee{passed_on.write_end.get()};
};

std::string numbers(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += std::to_string(i) + "\n";
  return text;
}

std::string rest_of(cli::ReadAhead& reader) {
  std::string all;
  for (auto bytes = reader.next(); !bytes.empty(); bytes = reader.next()) all += bytes;
  return all;
}

}  // namespace

TEST_CASE("what is read is passed on before anybody takes it") {
  TeeScene s;
  cli::ReadAhead reader(s.input.read_end.get(), s.tee, s.control);
  s.input.write("one\n");
  CHECK(s.passed_on.read(4) == "one\n");
  s.input.write("two\n");
  CHECK(s.passed_on.read(4) == "two\n");
  s.input.close();
  CHECK(rest_of(reader) == "one\ntwo\n");
  CHECK(reader.error().empty());
}

TEST_CASE("more than is read ahead arrives whole and in order on both ways") {
  TeeScene s;
  const std::string text = numbers(300'000);
  std::string seen;
  std::string taken;
  {
    const std::jthread producer([&] {
      for (std::size_t at = 0; at < text.size(); at += 50'000)
        s.input.write(std::string_view(text).substr(at, 50'000));
      s.input.close();
    });
    const std::jthread onlooker([&] { seen = s.passed_on.read(text.size()); });
    cli::ReadAhead reader(s.input.read_end.get(), s.tee, s.control);
    taken = rest_of(reader);
  }
  CHECK(taken == text);
  CHECK(seen == text);
}

TEST_CASE("who takes no more does not cut off those behind the tee") {
  TeeScene s;
  const std::string text = numbers(100'000);
  std::string seen;
  const std::jthread producer([&] {
    s.input.write(text);
    s.input.close();
  });
  {
    const std::jthread onlooker([&] { seen = s.passed_on.read(text.size()); });
    const cli::ReadAhead reader(s.input.read_end.get(), s.tee, s.control);
  }
  CHECK(seen == text);
}

TEST_CASE("an input as a stream: its end, a stop and a fault are told apart as far as streams can") {
  std::stop_source user;
  const cli::StopEvent stop(user.get_token());
  const auto read_word = [&stop](int fd) {
    cli::InputBuffer buffer(fd, stop);
    std::istream stream(&buffer);
    std::string word;
    stream >> word;
    return word + (stream.bad() ? " (bad)" : stream.eof() ? " (end)" : "");
  };
  test::Pipe pipe;
  pipe.write("one two");
  CHECK(read_word(pipe.read_end.get()) == "one");
  const base::FileDescriptor folder(::open("/", O_RDONLY | O_CLOEXEC));
  CHECK(read_word(folder.get()) == " (bad)");
  user.request_stop();
  CHECK(read_word(pipe.read_end.get()) == " (end)");
}
