#include "agentpipe/delivery/intake.hpp"

#include "agentpipe/base/log.hpp"

namespace agentpipe::delivery {

bool Intake::accept(std::string_view event, base::Milliseconds patience, const std::stop_token& stop) {
  auto number = spool_.append(event);
  if (!number && number.error().code == base::ErrorCode::unavailable && !out_of_patience_ &&
      spool_.wait_for_room(event.size(), patience, stop)) {
    number = spool_.append(event);
  }
  if (!number) {
    if (!out_of_patience_) base::log(base::LogLevel::warn, number.error().message);
    ++dropped_;
  }
  out_of_patience_ = !number;
  return number.has_value();
}

}  // namespace agentpipe::delivery
