#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "agentpipe/base/text.hpp"
#include "agentpipe/model/codec.hpp"
#include "clean.hpp"
#include "json_scan.hpp"
#include "rows.hpp"
#include "twins.hpp"

/// Event envelopes, one a line: event store files and `agentpipe run --json` with the other things it prints.
namespace agentpipe::formats {
namespace {

/// The levels of the CLI's own logger; "error" is also a conversation's and counts only with role
/// "diagnostic".
constexpr std::array<std::string_view, 7> k_logger_levels = {"trace",   "debug", "info", "warn",
                                                             "warning", "fatal", "panic"};

bool is_diagnostic(const model::LogEntry& entry) {
  if (entry.role) return *entry.role == "diagnostic";
  return std::find(k_logger_levels.begin(), k_logger_levels.end(), entry.level) != k_logger_levels.end();
}

class EventsReader final : public Reader {
 public:
  explicit EventsReader(Origin origin) : origin_(std::move(origin)) {}

  void line(std::string_view text, std::uint64_t number, Sink& sink) override {
    if (const auto broken = take(text, number, sink)) sink.problem(*broken);
  }

  /// Without its LF a line that is no JSON may still be being written.
  void last_line(std::string_view text, std::uint64_t number, Sink& sink) override {
    const auto broken = take(text, number, sink);
    if (!broken) return;
    if (origin_.writer == Writer::gone) return sink.problem(*broken);
    sink.skipped(Skip::unfinished, number);
  }

  void end(Sink& sink) override {
    for (auto& waiting : twins_.release()) sink.event(std::move(waiting.event));
  }

  bool settled() const override { return !twins_.holds(); }
  std::string context() const override { return twins_.recent(); }
  void resume(std::string_view context) override { twins_.recall(context); }

 private:
  /// What is wrong with the line, if anything.
  std::optional<Problem> take(std::string_view text, std::uint64_t number, Sink& sink) {
    std::string room;
    const auto json = cleaned(base::trim(text), room);
    if (!json.starts_with('{')) return pass_over(Skip::not_json, number, sink);
    auto event = model::decode_event(json, origin_.arrived);
    if (event) {
      pass(std::move(*event), number, sink);
      return std::nullopt;
    }
    const auto& error = event.error();
    if (error.reason == "unknown_type") return pass_over(Skip::unknown, number, sink);
    const bool damaged_event = json.find("\"type\"") != std::string_view::npos;
    if (error.reason == "invalid_json" && !damaged_event) return pass_over(Skip::not_json, number, sink);
    Problem problem{number, error.message, excerpt_of(json)};
    if (error.reason == "invalid_json") return problem;
    sink.problem(std::move(problem));
    return std::nullopt;
  }

  static std::optional<Problem> pass_over(Skip why, std::uint64_t number, Sink& sink) {
    sink.skipped(why, number);
    return std::nullopt;
  }

  void pass(model::Event event, std::uint64_t number, Sink& sink) {
    if (std::holds_alternative<model::LogEntry>(event.body))
      return pass_entry(std::move(event), number, sink);
    if (auto* started = std::get_if<model::ConversationStarted>(&event.body);
        started && !started->source_format) {
      started->source_format = "agentpipe-events";
    }
    const auto* message = std::get_if<model::MessageCreated>(&event.body);
    if (message != nullptr && twins_.pair_message(*message)) sink.skipped(Skip::twin, twins_.dropped_line());
    sink.event(std::move(event));
  }

  void pass_entry(model::Event event, std::uint64_t number, Sink& sink) {
    const auto& entry = std::get<model::LogEntry>(event.body);
    if (is_diagnostic(entry)) return sink.skipped(Skip::diagnostic, number);
    if (!may_be_twin(entry)) return sink.event(std::move(event));
    if (twins_.pair_entry(entry)) return sink.skipped(Skip::twin, number);
    for (auto& alone : twins_.hold({std::move(event), number})) sink.event(std::move(alone.event));
  }

  Origin origin_;
  Twins twins_;
};

bool is_envelope(const TopLevel& top) {
  constexpr std::array<std::string_view, 6> k_families = {"bridge.", "conversation.", "message.",
                                                          "log.",    "turn.",         "error."};
  if (!top.has("data")) return false;
  return std::any_of(k_families.begin(), k_families.end(),
                     [&](std::string_view family) { return top.type.starts_with(family); });
}

}  // namespace

bool is_agentpipe_events(std::string_view head, const Origin&) {
  return any_line(head, is_envelope);
}

std::unique_ptr<Reader> open_agentpipe_events(const Origin& origin) {
  return std::make_unique<EventsReader>(origin);
}

}  // namespace agentpipe::formats
