#include "json_redactor.hpp"

#include <algorithm>
#include <array>

#include "agentpipe/model/json_writer.hpp"
#include "json_text.hpp"

namespace agentpipe::redact {

namespace {

constexpr auto k_command_names = std::to_array<std::string_view>(
    {"command", "full_command", "fullCommand", "cmd", "args", "argv", "arguments", "script"});

std::string text_of(std::string_view inner) {
  return inner.find('\\') == std::string_view::npos ? std::string(inner) : unescape(inner);
}

}  // namespace

bool holds_command(std::string_view name) {
  return std::ranges::find(k_command_names, name) != k_command_names.end();
}

void JsonRedactor::apply(model::Json& json) {
  const std::string_view text = json.text;
  // An escaped letter could hide the beginning of a secret from the filter.
  if (text.find("\\u") == std::string_view::npos && !texts_.may_find(text)) return;
  out_.reserve(text.size());
  std::size_t at = 0;
  while (at < text.size()) {
    const auto next = std::min(text.find_first_of("\"{}[],:", at), text.size());
    out_.append(text, at, next - at);
    if (next == text.size()) break;
    at = next + 1;
    if (text[next] != '"') {
      structure(text[next]);
      continue;
    }
    const auto close = closing_quote(text, next);
    if (close == std::string_view::npos) return;
    string(text.substr(next, close + 1 - next));
    at = close + 1;
  }
  json.text = std::move(out_);
}

void JsonRedactor::structure(char c) {
  out_ += c;
  const bool opens = c == '{' || c == '[';
  if (opens) {
    const bool is_command =
        !levels_.empty() && (levels_.back().is_command || holds_command(levels_.back().name));
    levels_.push_back({c == '{', c == '{', is_command, {}});
  } else if (levels_.empty()) {
    return;
  } else if (c == '}' || c == ']') {
    levels_.pop_back();
  } else {
    levels_.back().expects_key = c == ',' && levels_.back().is_object;
  }
}

void JsonRedactor::string(std::string_view raw) {
  const auto inner = raw.substr(1, raw.size() - 2);
  if (!levels_.empty() && levels_.back().expects_key) {
    key(inner, raw);
  } else {
    value(inner, raw);
  }
}

void JsonRedactor::key(std::string_view inner, std::string_view raw) {
  auto text = text_of(inner);
  levels_.back().name = text;
  if (!texts_.apply(text, Reading::prose, report_)) return put(raw, {});
  // Two secrets of a kind as keys of one object must stay two keys.
  put(raw, text + " " + std::to_string(++changed_keys_));
}

void JsonRedactor::value(std::string_view inner, std::string_view raw) {
  auto text = text_of(inner);
  const std::string before =
      !levels_.empty() && !levels_.back().is_object && text.starts_with('-') ? text : "";
  const auto reading = inside_command() ? Reading::command : reading_;
  const std::string name = levels_.empty() ? std::string() : levels_.back().name;
  const bool changed = texts_.apply_to_value_of(name, text, report_) || texts_.apply(text, reading, report_);
  put(raw, changed ? text : std::string());
  if (!levels_.empty() && !levels_.back().is_object) levels_.back().name = before;
}

void JsonRedactor::put(std::string_view raw, const std::string& changed) {
  if (changed.empty()) {
    out_ += raw;
  } else {
    model::JsonWriter(out_).value(changed);
  }
}

bool JsonRedactor::inside_command() const {
  return !levels_.empty() && (levels_.back().is_command || holds_command(levels_.back().name));
}

}  // namespace agentpipe::redact
