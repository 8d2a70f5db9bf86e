#include "section_editor.hpp"

#include <algorithm>

#include "agentpipe/base/text.hpp"
#include "agentpipe/config/client_settings.hpp"

namespace agentpipe::config {

namespace {

constexpr std::size_t k_usual_indent = 2;

using Pair = std::pair<YAML::Node, YAML::Node>;

std::optional<Pair> find(const YAML::Node& map, std::string_view key) {
  if (!map.IsMap()) return std::nullopt;
  for (const auto& pair : map) {
    if (pair.first.IsScalar() && pair.first.Scalar() == key) return Pair(pair.first, pair.second);
  }
  return std::nullopt;
}

std::optional<Pair> find_path(const YAML::Node& map, std::string_view path) {
  const std::size_t dot = path.find('.');
  const auto pair = find(map, path.substr(0, dot));
  if (!pair || dot == std::string_view::npos) return pair;
  return find_path(pair->second, path.substr(dot + 1));
}

// A key of the table by its own name or by one of its aliases.
std::optional<Pair> find_setting(const YAML::Node& section, const std::string& key) {
  if (auto pair = find_path(section, key)) return pair;
  for (const KeyHelp& help : client_keys()) {
    if (help.key != key) continue;
    for (const std::string_view alias : help.aliases) {
      if (auto pair = find_path(section, alias)) return pair;
    }
  }
  return std::nullopt;
}

Quoting quoting_of(const std::string& key) {
  for (const KeyHelp& help : client_keys()) {
    if (help.key == key)
      return help.default_value.empty() || help.type == "URL" ? Quoting::if_needed : Quoting::never;
  }
  return Quoting::if_needed;
}

std::string line_for(const Change& change) {
  return change.key + ": " + write_scalar(change.value, ValueSpan::Style::plain, quoting_of(change.key));
}

}  // namespace

SectionEditor::Place SectionEditor::place_of(const YAML::Node& node) {
  const YAML::Mark mark = node.Mark();
  return {static_cast<std::size_t>(std::max(mark.line, 0)),
          static_cast<std::size_t>(std::max(mark.column, 0))};
}

base::Result<void> SectionEditor::apply(const YAML::Node& root, const std::vector<Change>& changes) {
  if (root.IsMap() && root.Style() == YAML::EmitterStyle::Flow) {
    return refuse(place_of(root).line,
                  "write the file as 'key: value' lines first; it is one pair of braces");
  }
  const auto section = find(root, k_bridge_section);
  if (!section) return add_section(root, changes);
  head_ = place_of(section->first);
  if (auto checked = check_section(section->second); !checked) return checked;
  if (section->second.IsMap() && section->second.Style() == YAML::EmitterStyle::Flow) {
    if (auto opened = open_braces(section->second); !opened) return opened;
    for (const Change& change : changes) set_in_opened(change);
    return {};
  }
  for (const Change& change : changes) {
    if (auto set = set_key(section->second, change); !set) return set;
  }
  return add_missing();
}

tl::unexpected<base::Error> SectionEditor::refuse(std::size_t line, std::string_view what) const {
  return base::failure(base::ErrorCode::configuration,
                       std::string(path_) + ":" + std::to_string(line + 1) + ": " + std::string(what));
}

std::string SectionEditor::line_end() const {
  const std::string& end = lines_.empty() ? "" : lines_[std::min(head_.line, lines_.size() - 1)].end;
  return end.empty() ? "\n" : end;
}

std::string SectionEditor::indented(const Change& change) const {
  return std::string(head_.column + k_usual_indent, ' ') + line_for(change);
}

// The lines behind the section's head that are indented below it.
std::size_t SectionEditor::section_end() const {
  std::size_t end = head_.line + 1;
  for (std::size_t i = end; i < lines_.size(); ++i) {
    if (is_blank_or_comment(lines_[i])) continue;
    if (indentation(lines_[i]) <= head_.column && !lines_[i].text.starts_with('\t')) break;
    end = i + 1;
  }
  return end;
}

base::Result<void> SectionEditor::check_section(const YAML::Node& section) const {
  if (!section.IsMap() && !section.IsNull())
    return refuse(head_.line, "section 'bridge' must hold 'key: value' lines");
  for (std::size_t i = head_.line; i < section_end(); ++i) {
    const std::string& text = lines_[i].text;
    if (text.find('\t') < text.find_first_not_of(" \t"))
      return refuse(i, "tabs cannot indent YAML; use spaces");
  }
  const auto value = find_value(lines_[head_.line].text, head_.column);
  const bool flow = section.IsMap() && section.Style() == YAML::EmitterStyle::Flow;
  if (value.size > 0 || (value.style == ValueSpan::Style::other && !flow)) {
    return refuse(head_.line, "write section 'bridge' as 'key: value' lines below 'bridge:' first");
  }
  return {};
}

base::Result<void> SectionEditor::set_key(const YAML::Node& section, const Change& change) {
  const auto pair = find_setting(section, change.key);
  if (!pair) {
    missing_.push_back(change);
    return {};
  }
  const Place key = place_of(pair->first);
  if (!pair->second.IsScalar() && !pair->second.IsNull())
    return refuse(key.line, "'" + change.key + "' must be one value");
  if (pair->second.IsScalar() && pair->second.Scalar() == change.value) return {};
  std::string& text = lines_[key.line].text;
  const ValueSpan span = find_value(text, key.column);
  const bool elsewhere = pair->second.IsScalar() && place_of(pair->second).line != key.line;
  if (span.style == ValueSpan::Style::other || elsewhere) {
    return refuse(key.line, "write '" + change.key + "' as one plain or quoted value on one line first");
  }
  const std::string value = write_scalar(change.value, span.style, quoting_of(change.key));
  text.replace(span.begin, span.size, span.size == 0 ? " " + value : value);
  return {};
}

base::Result<void> SectionEditor::add_missing() {
  const std::size_t at = section_end();
  std::size_t indent = head_.column + k_usual_indent;
  for (std::size_t i = head_.line + 1; i < at; ++i) {
    if (is_blank_or_comment(lines_[i])) continue;
    indent = indentation(lines_[i]);
    break;
  }
  std::vector<std::string> added;
  for (const Change& change : missing_) added.push_back(std::string(indent, ' ') + line_for(change));
  insert(at, added);
  return {};
}

base::Result<void> SectionEditor::add_section(const YAML::Node& root, const std::vector<Change>& changes) {
  const std::size_t column = root.IsMap() && root.size() > 0 ? place_of(root.begin()->first).column : 0;
  std::vector<std::string> added;
  if (!lines_.empty() && !base::trim(lines_.back().text).empty()) added.emplace_back();
  added.push_back(std::string(column, ' ') + k_bridge_section + ":");
  for (const Change& change : changes)
    added.push_back(std::string(column + k_usual_indent, ' ') + line_for(change));
  const bool was_empty = lines_.empty();
  insert(lines_.size(), added);
  if (was_empty) lines_.back().end = "\n";
  return {};
}

// Behind a last line without an end the new last line has none either.
void SectionEditor::insert(std::size_t at, const std::vector<std::string>& added) {
  const std::string end = line_end();
  std::vector<Line> fresh;
  for (const std::string& text : added) fresh.push_back({text, end});
  if (at > 0 && !fresh.empty() && lines_[at - 1].end.empty()) {
    lines_[at - 1].end = end;
    fresh.back().end = "";
  }
  lines_.insert(lines_.begin() + static_cast<std::ptrdiff_t>(at), fresh.begin(), fresh.end());
}

// `bridge: {a: 1, b: 2}  # why` becomes `bridge:  # why` and one line a key.
base::Result<void> SectionEditor::open_braces(const YAML::Node& section) {
  std::string& head = lines_[head_.line].text;
  const std::size_t brace = head.find('{', head_.column);
  const std::size_t close = head.rfind('}');
  if (brace == std::string::npos || close == std::string::npos || close < brace ||
      head.find('#', brace) < close || section_end() != head_.line + 1) {
    return refuse(head_.line, "write section 'bridge' as 'key: value' lines first; it is in braces");
  }
  for (const auto& pair : section) {
    if (!pair.second.IsScalar() && !pair.second.IsNull())
      return refuse(head_.line, "write section 'bridge' as lines first");
    opened_.push_back({pair.first.Scalar(), pair.second.IsScalar() ? pair.second.Scalar() : ""});
  }
  const std::size_t before = head.find_last_not_of(' ', brace - 1) + 1;
  head.erase(before, close + 1 - before);
  std::vector<std::string> added;
  for (const Change& entry : opened_) added.push_back(indented(entry));
  insert(head_.line + 1, added);
  return {};
}

void SectionEditor::set_in_opened(const Change& change) {
  for (std::size_t i = 0; i < opened_.size(); ++i) {
    if (opened_[i].key != change.key) continue;
    lines_[head_.line + 1 + i].text = indented(change);
    return;
  }
  insert(head_.line + 1 + opened_.size(), {indented(change)});
  opened_.push_back(change);
}

}  // namespace agentpipe::config
