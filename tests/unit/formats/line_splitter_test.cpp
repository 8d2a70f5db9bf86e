#include "agentpipe/formats/line_splitter.hpp"

#include <doctest/doctest.h>

#include "agentpipe/model/limits.hpp"
#include "read.hpp"

using namespace agentpipe;
using Texts = std::vector<std::string>;

namespace {

class RecordingReader final : public formats::Reader {
 public:
  void line(std::string_view text, std::uint64_t number, formats::Sink&) override {
    lines.push_back(std::to_string(number) + ":" + std::string(text));
  }
  void end(formats::Sink&) override {}
  Texts lines;
};

class ExcerptSink final : public formats::Sink {
 public:
  void event(model::Event) override {}
  void skipped(formats::Skip, std::uint64_t) override {}
  void problem(formats::Problem problem) override { excerpts.push_back(std::move(problem.excerpt)); }
  Texts excerpts;
};

/// The lines of `input` when it arrives in pieces of `size` bytes.
Texts lines_of(std::string_view input, std::size_t size, std::size_t max_line, Texts* problems = nullptr) {
  RecordingReader reader;
  test::RecordingSink sink;
  formats::LineSplitter splitter(reader, sink, max_line);
  for (; !input.empty(); input.remove_prefix(std::min(size, input.size())))
    splitter.feed(input.substr(0, size));
  splitter.finish();
  if (problems != nullptr) *problems = sink.problems;
  return reader.lines;
}

}  // namespace

TEST_CASE("lines are the same however the bytes arrive") {
  for (std::size_t size = 1; size < 20; ++size) {
    CHECK(lines_of("\xEF\xBB\xBF"
                   "one\r\n\ntwo\nlast",
                   size, 100) == Texts{"1:one\r", "2:", "3:two", "4:last"});
    CHECK(lines_of("one\n", size, 100) == Texts{"1:one"});
    CHECK(lines_of("\n\n", size, 100) == Texts{"1:", "2:"});
  }
}

TEST_CASE("a line that is too long is named and left out, the others stay") {
  for (std::size_t size = 1; size < 20; ++size) {
    Texts problems;
    CHECK(lines_of("12345\n123456\n12345\n1234567", size, 5, &problems) == Texts{"1:12345", "3:12345"});
    CHECK(problems == Texts{"2: the line is longer than 5 B and was left out",
                            "4: the line is longer than 5 B and was left out"});
  }
}

TEST_CASE("of a line that is too long the first 4 KiB are kept, as text") {
  RecordingReader reader;
  ExcerptSink sink;
  formats::LineSplitter splitter(reader, sink, 10'000);
  const std::string text = "caf\xC3\xA9 \xFF" + std::string(4080, 'x') + "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9";
  const std::string line = text + std::string(10'000, 'y');
  for (std::size_t at = 0; at < line.size(); at += 1000)
    splitter.feed(std::string_view(line).substr(at, 1000));
  splitter.feed("\nshort\n" + line + "\n");
  REQUIRE(sink.excerpts.size() == 2);
  CHECK(sink.excerpts[0] == sink.excerpts[1]);
  CHECK(sink.excerpts[0].starts_with("caf\xC3\xA9 \xEF\xBF\xBDxxx"));
  CHECK(sink.excerpts[0].size() <= model::k_max_excerpt);
  CHECK(sink.excerpts[0].size() > model::k_max_excerpt - 4);
  CHECK(sink.excerpts[0].ends_with("\xC3\xA9"));
  CHECK(reader.lines == Texts{"2:short"});
}
