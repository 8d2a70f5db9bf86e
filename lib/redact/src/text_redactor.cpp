#include "text_redactor.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "agentpipe/base/text.hpp"

namespace agentpipe::redact {

namespace {

/// No secret is longer, private keys of 16,384 bits included; bounds the work at one place.
constexpr std::size_t k_window = 64UL << 10U;
/// Values that their names give away are shorter.
constexpr std::size_t k_long_value = 1024;
/// In place of a rule: what stands there may name a secret in JSON, and says nothing in a text.
constexpr std::size_t k_name_only = ~std::size_t{0};
constexpr std::size_t k_most_groups = 4;  // the whole and three

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/// In text that is itself quoted code, "\n" before a token is a line's end, not the letter n.
bool follows_escape(std::string_view text, std::size_t at) {
  return at >= 2 && text[at - 2] == '\\' &&
         std::string_view("nrt").find(text[at - 1]) != std::string_view::npos;
}

bool begins_token(std::string_view text, std::size_t at) {
  return at == 0 || !is_word(text[at - 1]) || follows_escape(text, at);
}

bool follows_dashes(std::string_view text, std::size_t at) {
  constexpr std::size_t k_longest_prefix = 40;
  std::size_t begin = at;
  while (begin > 0 && at - begin < k_longest_prefix && is_word(text[begin - 1])) --begin;
  return begin < text.size() && text[begin] == '-';
}

bool fits(Left left, std::string_view text, std::size_t at) {
  switch (left) {
    case Left::anything:
      return true;
    case Left::no_word:
      return begins_token(text, at);
    case Left::flag_dashes:
      return follows_dashes(text, at);
  }
  return false;
}

RE2::Options quiet_options() {
  RE2::Options options;
  options.set_log_errors(false);
  return options;
}

/// The first group that took part, else the whole.
re2::StringPiece secret_in(std::span<const re2::StringPiece> groups) {
  for (const auto& group : groups.subspan(1)) {
    if (group.data() != nullptr) return group;
  }
  return groups.front();
}

}  // namespace

std::string replacement(std::string_view kind) {
  return "[redacted:" + std::string(kind) + "]";
}

struct TextRedactor::Own {
  std::string kind;
  std::unique_ptr<RE2> pattern;
};

base::Result<void> check(const OwnPattern& own) {
  constexpr std::size_t k_longest_kind = 32;
  constexpr std::string_view k_letters = "abcdefghijklmnopqrstuvwxyz0123456789-";
  using base::ErrorCode;
  if (own.kind.empty() || own.kind.size() > k_longest_kind ||
      own.kind.find_first_not_of(k_letters) != std::string::npos) {
    return base::failure(ErrorCode::invalid, "kind must be 1 to 32 of a-z, 0-9 and -");
  }
  if (own.pattern.empty() || own.pattern.size() > k_max_own_pattern_bytes) {
    return base::failure(ErrorCode::invalid, "pattern must have 1 to 1000 bytes");
  }
  const RE2 pattern(own.pattern, quiet_options());
  if (!pattern.ok()) return base::failure(ErrorCode::invalid, "pattern: " + pattern.error());
  if (RE2::FullMatch("", pattern)) {
    return base::failure(ErrorCode::invalid, "pattern matches an empty text; ask for one character at least");
  }
  return {};
}

TextRedactor::TextRedactor(std::span<const OwnPattern> own) : rules_(built_in_rules()) {
  for (std::size_t rule = 0; rule < rules_.size(); ++rule) {
    patterns_.push_back(std::make_unique<RE2>(rules_[rule].pattern, quiet_options()));
    for (const auto literal : rules_[rule].literals) index_.add({literal, rules_[rule].spelling, rule});
  }
  for (const auto name : secret_names()) index_.add({name, Spelling::any_case, k_name_only});
  for (const auto& each : own) {
    if (check(each)) own_.push_back({each.kind, std::make_unique<RE2>(each.pattern, quiet_options())});
  }
}

TextRedactor::~TextRedactor() = default;

bool TextRedactor::may_find(std::string_view text) const {
  if (!own_.empty()) return true;
  for (auto at = index_.find(text, 0); at != std::string_view::npos; at = index_.find(text, at + 1)) {
    const auto entries = index_.candidates(text, at);
    if (std::ranges::any_of(entries, [&](const auto& entry) { return entry.stands_at(text, at); }))
      return true;
  }
  return false;
}

std::optional<TextRedactor::Span> TextRedactor::match(std::size_t rule, std::string_view text,
                                                      std::size_t at) const {
  if (!fits(rules_[rule].left, text, at)) return std::nullopt;
  const RE2& pattern = *patterns_[rule];
  std::array<re2::StringPiece, k_most_groups> groups;
  const int wanted = 1 + pattern.NumberOfCapturingGroups();
  const std::size_t end = std::min(text.size(), at + k_window);
  const re2::StringPiece whole(text.data(), text.size());
  if (!pattern.Match(whole, at, end, RE2::ANCHOR_START, groups.data(), wanted)) return std::nullopt;
  const auto secret = secret_in(std::span(groups).first(static_cast<std::size_t>(wanted)));
  const auto begin = static_cast<std::size_t>(secret.data() - text.data());
  return Span{begin, begin + secret.size(), rules_[rule].kind};
}

std::optional<TextRedactor::Span> TextRedactor::find(std::string_view text, std::size_t from,
                                                     Reading reading) const {
  std::size_t barren_until = 0;
  for (auto at = index_.find(text, from); at != std::string_view::npos; at = index_.find(text, at + 1)) {
    for (const auto& entry : index_.candidates(text, at)) {
      if (entry.rule == k_name_only || !entry.stands_at(text, at)) continue;
      const Rule& rule = rules_[entry.rule];
      if (rule.reading == Reading::command && reading != Reading::command) continue;
      if (rule.by == Rule::By::place && at < barren_until) continue;
      auto span = match(entry.rule, text, at);
      if (!span) continue;
      const auto value = span->of(text);
      if (!rule.plausible(value)) {
        // Looked at once as a whole; looking at it again from each name inside would take for ever.
        if (rule.by == Rule::By::place && value.size() > k_long_value) barren_until = span->end;
        continue;
      }
      if (rule.by == Rule::By::place) span->kind = shape_of(value).value_or(span->kind);
      return span;
    }
  }
  return std::nullopt;
}

std::optional<std::string_view> TextRedactor::shape_of(std::string_view value) const {
  for (auto at = index_.find(value, 0); at != std::string_view::npos; at = index_.find(value, at + 1)) {
    for (const auto& entry : index_.candidates(value, at)) {
      if (entry.rule == k_name_only) continue;
      const Rule& rule = rules_[entry.rule];
      if (rule.by != Rule::By::shape || !entry.stands_at(value, at)) continue;
      const auto span = match(entry.rule, value, at);
      if (span && rule.plausible(span->of(value))) return rule.kind;
    }
  }
  return std::nullopt;
}

bool TextRedactor::apply_built_in(std::string& text, Reading reading, Report& report) const {
  std::string changed;
  std::size_t copied = 0;
  for (auto span = find(text, 0, reading); span; span = find(text, copied, reading)) {
    if (copied == 0) changed.reserve(text.size());
    changed.append(text, copied, span->begin - copied).append(replacement(span->kind));
    copied = span->end;
    report.add(span->kind);
  }
  if (copied == 0) return false;
  changed.append(text, copied);
  text = std::move(changed);
  return true;
}

bool TextRedactor::apply_own(std::string& text, const Own& own, Report& report) const {
  std::string changed;
  std::size_t copied = 0;
  std::array<re2::StringPiece, 2> groups;
  const int wanted = own.pattern->NumberOfCapturingGroups() > 0 ? 2 : 1;
  const re2::StringPiece whole(text);
  for (std::size_t from = 0;
       from < text.size() &&
       own.pattern->Match(whole, from, text.size(), RE2::UNANCHORED, groups.data(), wanted);) {
    const auto secret = secret_in(std::span(groups).first(static_cast<std::size_t>(wanted)));
    const auto begin = static_cast<std::size_t>(secret.data() - text.data());
    // What matched is never empty, but its group may be: then there is nothing to hide.
    from = std::max(static_cast<std::size_t>(groups[0].data() - text.data()) + groups[0].size(), from + 1);
    if (secret.empty()) continue;
    changed.append(text, copied, begin - copied).append(replacement(own.kind));
    copied = begin + secret.size();
    report.add(own.kind);
  }
  if (copied == 0) return false;
  changed.append(text, copied);
  text = std::move(changed);
  return true;
}

bool TextRedactor::apply(std::string& text, Reading reading, Report& report) const {
  bool changed = apply_built_in(text, reading, report);
  for (const auto& own : own_) changed = apply_own(text, own, report) || changed;
  // An own pattern may cut a character in two.
  if (changed && !own_.empty() && !base::is_valid_utf8(text)) text = base::repair_utf8(text);
  return changed;
}

bool TextRedactor::apply_to_value_of(std::string_view name, std::string& value, Report& report) const {
  const auto verdict = judge_name(name);
  if (verdict.plausible == nullptr || value.find('\n') != std::string::npos || !verdict.plausible(value))
    return false;
  const auto kind = shape_of(value).value_or(verdict.kind);
  report.add(kind);
  value = replacement(kind);
  return true;
}

}  // namespace agentpipe::redact
