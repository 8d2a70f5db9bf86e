#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>

#include "agentpipe/formats/reader.hpp"
#include "agentpipe/model/event.hpp"
#include "redaction.hpp"

namespace agentpipe::cli {

/// What is added to every event that does not say it itself.
struct Stamp {
  std::string machine;
  std::string name;     ///< of the first conversation; empty: as its events say
  std::string version;  ///< of this program
};

/// What went through, for the last line.
struct StreamTally {
  std::uint64_t events = 0;
  std::uint64_t problems = 0;
  std::string first_conversation;
  std::set<std::string> conversations;  ///< bounded; see k_max_conversations
  std::set<std::string> open;           ///< begun, but not ended
  redact::Report secrets;               ///< what was replaced
};

/// Beyond this a summary by conversation helps nobody.
inline constexpr std::size_t k_max_conversations = 10'000;

/// Takes what a reader finds, stamps it, replaces secrets in it, counts it, and passes it on.
class StreamSink final : public formats::Sink {
 public:
  using Out = std::function<void(const model::Event&)>;
  using Complain = std::function<void(const formats::Problem&)>;

  StreamSink(Stamp stamp, RedactorPtr redactor, Out out, Complain complain)
      : stamp_(std::move(stamp)),
        redactor_(std::move(redactor)),
        out_(std::move(out)),
        complain_(std::move(complain)) {}

  void event(model::Event event) override;
  void skipped(formats::Skip why, std::uint64_t line) override;
  void problem(formats::Problem problem) override;

  [[nodiscard]] const StreamTally& tally() const { return tally_; }
  /// What was replaced in the event that is passed on.
  [[nodiscard]] const redact::Report& replaced() const { return replaced_; }

 private:
  void stamp(model::Event& event);
  void redact(model::Event& event);
  void count(const model::Event& event);

  Stamp stamp_;
  RedactorPtr redactor_;
  Out out_;
  Complain complain_;
  StreamTally tally_;
  redact::Report replaced_;
};

}  // namespace agentpipe::cli
