#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "agentpipe/base/text.hpp"
#include "agentpipe/formats/read_all.hpp"
#include "places.hpp"

namespace agentpipe::test {

/// Writes down what a reader finds.
class RecordingSink final : public formats::Sink {
 public:
  void event(model::Event event) override { events.push_back(std::move(event)); }
  void skipped(formats::Skip why, std::uint64_t line) override { skips.emplace_back(why, line); }
  void problem(formats::Problem problem) override {
    problems.push_back(std::to_string(problem.line) + ": " + problem.reason);
  }

  template <class T>
  [[nodiscard]] std::vector<T> all() const {
    std::vector<T> found;
    for (const auto& event : events) {
      if (const auto* body = std::get_if<T>(&event.body)) found.push_back(*body);
    }
    return found;
  }
  [[nodiscard]] std::vector<std::string> types() const {
    std::vector<std::string> names;
    for (const auto& event : events) names.emplace_back(model::type_name(event));
    return names;
  }
  [[nodiscard]] std::vector<std::uint64_t> skipped_lines(formats::Skip why) const {
    std::vector<std::uint64_t> lines;
    for (const auto& [reason, line] : skips) {
      if (reason == why) lines.push_back(line);
    }
    return lines;
  }

  std::vector<model::Event> events;
  std::vector<std::pair<formats::Skip, std::uint64_t>> skips;
  std::vector<std::string> problems;
};

struct Reading {
  std::string format;  ///< empty: none
  RecordingSink sink;
};

inline const base::Timestamp k_arrived{std::chrono::seconds{1'767'600'000}};

inline Reading read(std::string_view bytes, std::string_view format = {}) {
  Reading reading;
  const auto* used =
      formats::read_all(bytes, {"input", k_arrived}, formats::find_format(format), reading.sink);
  if (used != nullptr) reading.format = used->name;
  return reading;
}

inline std::string file_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

inline std::filesystem::path fixture(std::string_view name) {
  return fixtures() / "formats" / name;
}

inline std::string fixture_text(std::string_view name) {
  return file_text(fixture(name));
}

/// A file of the captured ones; empty when they do not lie beside the checkout.
inline std::string captured(std::string_view name) {
  return file_text(shared_fixtures() / "agentpipe-go/files" / name);
}

}  // namespace agentpipe::test
