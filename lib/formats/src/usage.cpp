#include "agentpipe/formats/usage.hpp"

#include <algorithm>
#include <array>

namespace agentpipe::formats {
namespace {

constexpr std::array k_classes = {&Usage::input,          &Usage::cache_read, &Usage::cache_write,
                                  &Usage::cache_write_1h, &Usage::output,     &Usage::reasoning};

constexpr std::array k_reported = {&ReportedUsage::input,       &ReportedUsage::cache_read,
                                   &ReportedUsage::cache_write, &ReportedUsage::cache_write_1h,
                                   &ReportedUsage::output,      &ReportedUsage::reasoning,
                                   &ReportedUsage::tool_input,  &ReportedUsage::total};

bool cached_is_inside(const ReportedUsage& reported, InputRule rule) {
  if (rule != InputRule::told_by_total) return rule == InputRule::includes_cached;
  const auto without_cached = reported.input + reported.output + reported.tool_input;
  return reported.cache_read == 0 || reported.total != without_cached + reported.cache_read;
}

}  // namespace

Usage& Usage::operator+=(const Usage& other) {
  for (const auto member : k_classes) this->*member = std::min(this->*member + other.*member, k_max_tokens);
  return *this;
}

Usage normalised(ReportedUsage reported, InputRule rule) {
  for (const auto member : k_reported) reported.*member = std::min(reported.*member, k_max_tokens);
  Usage usage;
  usage.cache_read = reported.cache_read;
  usage.cache_write = std::max(reported.cache_write, reported.cache_write_1h);
  usage.cache_write_1h = reported.cache_write_1h;
  const auto cached = cached_is_inside(reported, rule) ? usage.cache_read + usage.cache_write : 0;
  usage.input =
      std::min(std::max<std::int64_t>(reported.input - cached, 0) + reported.tool_input, k_max_tokens);
  usage.output = std::max(reported.output, reported.reasoning);
  usage.reasoning = reported.reasoning;
  return usage;
}

std::optional<Usage> growth(const Usage& before, const Usage& now) {
  if (now.total() < before.total()) return std::nullopt;
  return excess(before, now);
}

Usage excess(const Usage& before, const Usage& now) {
  Usage more;
  for (const auto member : k_classes) more.*member = std::max<std::int64_t>(now.*member - before.*member, 0);
  return more;
}

void set_usage(model::MessageCreated& message, const Usage& usage) {
  message.input_tokens = usage.input;
  message.output_tokens = usage.output;
  message.cache_read_tokens = usage.cache_read;
  message.cache_write_tokens = usage.cache_write;
  if (usage.reasoning > 0) message.reasoning_tokens = usage.reasoning;
  message.tokens_used = usage.total();
}

}  // namespace agentpipe::formats
