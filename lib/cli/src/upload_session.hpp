#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agentpipe/formats/reader.hpp"
#include "agentpipe/model/upload.hpp"

namespace agentpipe::cli {

/// Contents of one file that may be in memory at once.
inline constexpr std::size_t k_max_sessions_bytes = 256UL << 20U;
/// Problems kept of one file; more are counted only.
inline constexpr std::size_t k_max_problems = 100;

/// Puts the events of one input together to whole sessions, one a conversation, in order of appearance.
class SessionCollector final : public formats::Sink {
 public:
  /// Takes sessions whose reader says that they are whole, so that they need not wait for the others.
  using Whole = std::function<void(model::Upload)>;
  SessionCollector() = default;
  explicit SessionCollector(Whole whole) : whole_(std::move(whole)) {}

  void event(model::Event event) override;
  void skipped(formats::Skip why, std::uint64_t line) override;
  void problem(formats::Problem problem) override;
  void whole(const std::string& conversation) override;

  /// All that was found and not handed on. A session without an end was cut off by whatever ended its input:
  /// it counts as interrupted when `unfinished` says so, as still going on otherwise.
  enum class Unfinished : unsigned char { active, interrupted };
  std::vector<model::Upload> take(Unfinished unfinished);

  [[nodiscard]] const std::vector<formats::Problem>& problems() const { return problems_; }
  [[nodiscard]] std::uint64_t problem_count() const { return problem_count_; }

 private:
  struct Session {
    std::optional<model::Event> started;
    std::vector<model::Event> entries;
    std::optional<model::Event> completed;
    std::size_t bytes = 0;
    bool too_large = false;
  };

  Session* session_of(const model::Event& event);
  bool fits(Session& session, const model::Event& event);
  static void place(Session& session, model::Event event);
  static model::Upload finish(const std::string& id, Session session, Unfinished unfinished);

  Whole whole_;
  std::map<std::string, std::size_t> places_;
  std::vector<std::pair<std::string, Session>> sessions_;
  std::size_t bytes_ = 0;
  std::vector<formats::Problem> problems_;
  std::uint64_t problem_count_ = 0;
};

}  // namespace agentpipe::cli
