#pragma once

#include <yaml-cpp/yaml.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agentpipe/base/result.hpp"
#include "agentpipe/config/edit.hpp"
#include "lines.hpp"

namespace agentpipe::config {

inline constexpr const char* k_bridge_section = "bridge";

/// Changes values of the section `bridge` line by line, so that all else in the file stays as it was written:
/// comments, order, quotes, line ends. What cannot be changed that way is refused with its line.
class SectionEditor {
 public:
  /// `path` names the file in errors; it must outlive the editor.
  SectionEditor(std::string_view text, std::string_view path) : lines_(split_lines(text)), path_(path) {}

  /// `root`: the parsed `text`.
  base::Result<void> apply(const YAML::Node& root, const std::vector<Change>& changes);
  [[nodiscard]] std::string text() const { return join_lines(lines_); }

 private:
  // Line and column count from 0.
  struct Place {
    std::size_t line = 0;
    std::size_t column = 0;
  };

  [[nodiscard]] static Place place_of(const YAML::Node& node);
  [[nodiscard]] tl::unexpected<base::Error> refuse(std::size_t line, std::string_view what) const;
  [[nodiscard]] std::string line_end() const;
  [[nodiscard]] std::size_t section_end() const;
  [[nodiscard]] std::string indented(const Change& change) const;
  [[nodiscard]] base::Result<void> check_section(const YAML::Node& section) const;
  base::Result<void> set_key(const YAML::Node& section, const Change& change);
  base::Result<void> add_missing();
  base::Result<void> add_section(const YAML::Node& root, const std::vector<Change>& changes);
  void insert(std::size_t at, const std::vector<std::string>& added);
  base::Result<void> open_braces(const YAML::Node& section);
  void set_in_opened(const Change& change);

  std::vector<Line> lines_;
  std::string_view path_;
  Place head_;
  std::vector<Change> missing_;
  std::vector<Change> opened_;
};

}  // namespace agentpipe::config
