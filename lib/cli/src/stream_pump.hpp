#pragma once

#include <functional>
#include <optional>
#include <string>

#include "agentpipe/base/clock.hpp"
#include "stream_control.hpp"
#include "stream_follow.hpp"
#include "stream_plan.hpp"

namespace agentpipe::cli {

/// Feeds every input of a plan in turn, or what is followed, through tee and decoder into a sink. One thread;
/// plan, control and clock outlive it.
class StreamPump {
 public:
  StreamPump(StreamPlan& plan, const StreamControl& control, base::Clock& clock)
      : plan_(plan), control_(control), clock_(clock), tee_(plan.tee_fd) {}

  /// To the end of the inputs, or until a signal ends them.
  /// `all_taken`: has everything that went to the sink been accepted?
  /// `kept`: brings that to the disk; false when some of it is in memory alone.
  void run(formats::Sink& sink, const std::function<bool()>& all_taken, const std::function<bool()>& kept);
  /// The same without looking at what goes through.
  void run_blind();
  /// What is being read, for messages.
  [[nodiscard]] const std::string& name() const { return follower_ ? follower_->current() : current_->name; }
  /// Does somebody wait behind it?
  [[nodiscard]] bool is_live() const { return !follower_ && current_->kind == StreamInput::Kind::live; }

 private:
  void follow(formats::Sink& sink, const std::function<bool()>& all_taken, const std::function<bool()>& kept);
  void pump(const StreamInput& input, formats::Sink& sink);
  [[nodiscard]] formats::Origin origin_of(const StreamInput& input) const;

  StreamPlan& plan_;
  const StreamControl& control_;
  base::Clock& clock_;
  Tee tee_;
  const StreamInput* current_ = nullptr;
  std::optional<Follower> follower_;
};

}  // namespace agentpipe::cli
