#pragma once

#include <cstdint>
#include <optional>

#include "agentpipe/model/event.hpp"

/// Token accounting of all formats: what a tool reports becomes classes that do not overlap.
namespace agentpipe::formats {

/// No class holds more: a larger number is a mistake, and what four of them add up to must fit a message.
inline constexpr std::int64_t k_max_tokens = 1'000'000'000'000'000;

/// What one answer used. Nothing is counted twice: input, cache_read, cache_write and output add up to the
/// total.
struct Usage {
  std::int64_t input = 0;  ///< neither read from a cache nor written to one
  std::int64_t cache_read = 0;
  std::int64_t cache_write = 0;     ///< whatever the lifetime of the entries
  std::int64_t cache_write_1h = 0;  ///< the part of cache_write that lives an hour
  std::int64_t output = 0;          ///< reasoning included
  std::int64_t reasoning = 0;       ///< the part of output that is reasoning, where the tool tells

  [[nodiscard]] std::int64_t prompt() const { return input + cache_read + cache_write; }
  [[nodiscard]] std::int64_t total() const { return prompt() + output; }
  /// Up to k_max_tokens a class.
  Usage& operator+=(const Usage& other);
  bool operator==(const Usage&) const = default;
};

/// Does the number that a tool calls input contain what came from the cache?
enum class InputRule : unsigned char {
  excludes_cached,  ///< Claude Code, Amp, OpenCode, Goose
  includes_cached,  ///< Codex and everything of OpenAI, Gemini's stats, OpenTelemetry
  told_by_total,    ///< Gemini's session files: inside unless their total counts cached once more
};

/// Numbers as a tool writes them; absent ones are 0.
struct ReportedUsage {
  std::int64_t input = 0;
  std::int64_t cache_read = 0;
  std::int64_t cache_write = 0;
  std::int64_t cache_write_1h = 0;
  std::int64_t output = 0;      ///< reasoning included
  std::int64_t reasoning = 0;   ///< a part of output
  std::int64_t tool_input = 0;  ///< Gemini: results of tools, beside input
  std::int64_t total = 0;       ///< only looked at by InputRule::told_by_total
};

Usage normalised(ReportedUsage reported, InputRule rule);

/// From one running total to the next. Nothing when the total has shrunk: it was started anew.
std::optional<Usage> growth(const Usage& before, const Usage& now);
/// What `now` adds to `before`, class by class, never below 0.
Usage excess(const Usage& before, const Usage& now);

/// Writes the classes into a message's fields; tokens_used is their sum.
void set_usage(model::MessageCreated& message, const Usage& usage);

}  // namespace agentpipe::formats
