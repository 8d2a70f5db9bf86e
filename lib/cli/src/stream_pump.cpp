#include "stream_pump.hpp"

#include "stream_decoder.hpp"

namespace agentpipe::cli {

void StreamPump::run(formats::Sink& sink, const std::function<bool()>& all_taken,
                     const std::function<bool()>& kept) {
  if (plan_.follow) return follow(sink, all_taken, kept);
  for (const StreamInput& input : plan_.inputs) {
    if (control_.no_more_input().stop_requested()) return;
    current_ = &input;
    pump(input, sink);
  }
}

void StreamPump::run_blind() {
  for (const StreamInput& input : plan_.inputs) {
    if (plan_.tee_fd < 0 && input.kind == StreamInput::Kind::file) continue;
    InputReader reader(input.fd, control_.end_of_input());
    for (auto bytes = reader.next(); !bytes.empty(); bytes = reader.next()) tee_.write(bytes, control_);
  }
}

void StreamPump::follow(formats::Sink& sink, const std::function<bool()>& all_taken,
                        const std::function<bool()>& kept) {
  auto& plan = *plan_.follow;
  follower_.emplace(
      plan.roots,
      FileFollower::Reading{plan_.format, plan_.prices, sink, all_taken, kept, plan.begin, clock_},
      Follower::Parts{plan.places, *plan.watch, control_, clock_});
  follower_->run();
}

formats::Origin StreamPump::origin_of(const StreamInput& input) const {
  formats::Origin origin{input.file_name, input.arrived};
  origin.prices = plan_.prices;
  if (input.kind == StreamInput::Kind::live) {
    origin.clock = &clock_;
    origin.scratch = plan_.scratch;
    origin.session_files = plan_.session_files;
  } else {
    origin.path = input.name;
  }
  return origin;
}

void StreamPump::pump(const StreamInput& input, formats::Sink& sink) {
  using Look = StreamDecoder::Look;
  const Look look = input.kind == StreamInput::Kind::live ? Look::at_each_line : Look::at_whole_head;
  StreamDecoder decoder(origin_of(input), plan_.format, look, sink);
  ReadAhead reader(input.fd, tee_, control_);
  for (auto bytes = reader.next(); !bytes.empty(); bytes = reader.next()) decoder.feed(bytes);
  if (!reader.error().empty()) sink.problem({0, "could not be read further: " + reader.error()});
  if (control_.no_more_input().stop_requested()) {
    decoder.abandon();
  } else {
    decoder.finish();
  }
}

}  // namespace agentpipe::cli
