#include <doctest/doctest.h>

#include <random>

#include "places.hpp"
#include "read.hpp"

using namespace agentpipe;

namespace {

/// One small input of every format, and one that is none.
std::vector<std::string> samples() {
  const std::filesystem::path folder = test::fixtures() / "formats";
  std::vector<std::string> texts;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) texts.push_back(test::file_text(entry.path()));
  }
  std::sort(texts.begin(), texts.end());
  texts.emplace_back("neither fish nor fowl\n");
  return texts;
}

/// Reads it as what it seems to be and as everything else.
void read_as_all(std::string_view bytes) {
  test::read(bytes);
  for (const auto& format : formats::all_formats()) test::read(bytes, format.name);
}

}  // namespace

TEST_CASE("every prefix of every format can be read") {
  for (const auto& text : samples()) {
    const std::size_t step = 1 + text.size() / 100;
    for (std::size_t size = 0; size <= text.size(); size += step)
      read_as_all(std::string_view(text).substr(0, size));
  }
}

TEST_CASE("damaged bytes can be read") {
  std::mt19937 random(20260101);
  const auto pick = [&](std::size_t below) {
    return std::uniform_int_distribution<std::size_t>(0, below - 1)(random);
  };
  constexpr std::string_view k_nasty = "\"{}[]:,\\\n\r\0\xFF\xED(=- 9";
  for (const auto& text : samples()) {
    for (int round = 0; round < 30; ++round) {
      auto damaged = text;
      for (int hit = 0; hit < 3; ++hit) damaged[pick(damaged.size())] = k_nasty[pick(k_nasty.size())];
      if (round % 3 == 0) damaged.erase(pick(damaged.size()), pick(40) + 1);
      if (round % 5 == 0 && !damaged.empty())
        damaged.insert(pick(damaged.size()), damaged.substr(pick(damaged.size()), 200));
      read_as_all(damaged);
    }
  }
}

TEST_CASE("deep nesting costs neither stack nor time") {
  const std::string deep(200'000, '[');
  read_as_all(R"({"messages":)" + deep);
  read_as_all(R"({"type":"message.created","data":)" + deep + "\n");
  CHECK(test::read(R"({"exported_at":"x","messages":)" + deep).sink.problems.size() == 1);
}
