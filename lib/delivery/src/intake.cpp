#include "agentpipe/delivery/intake.hpp"

#include <algorithm>
#include <utility>

#include "agentpipe/base/log.hpp"
#include "agentpipe/base/text.hpp"
#include "agentpipe/model/codec.hpp"
#include "agentpipe/model/json_writer.hpp"
#include "agentpipe/model/limits.hpp"

namespace agentpipe::delivery {

namespace {

/// Beyond this the gaps of further conversations are only counted.
constexpr std::size_t k_most_gaps = 1000;

struct Scale {
  Weight operator()(const model::LogEntry&) const { return Weight::note; }
  Weight operator()(const model::TurnMarker&) const { return Weight::note; }
  Weight operator()(const model::ConversationStarted&) const { return Weight::milestone; }
  Weight operator()(const model::ConversationCompleted&) const { return Weight::milestone; }
  Weight operator()(const model::ConversationError&) const { return Weight::milestone; }
  template <class Other>
  Weight operator()(const Other&) const {
    return Weight::ordinary;
  }
};

}  // namespace

Weight weigh(const model::Event& event) {
  return std::visit(Scale{}, event.body);
}

bool Intake::accept(const model::Event& event, base::Milliseconds patience, const std::stop_token& stop) {
  const std::string text = model::encode_event(event);
  const Weight weight = weigh(event);
  if (!gaps_.empty() && spool_.wait_for_room(text.size(), Weight::note, base::Milliseconds{0}, stop)) {
    mark_gaps();
  }
  bool& impatient = weight == Weight::note ? impatient_for_notes_ : impatient_;
  const auto number = append(text, weight, impatient ? base::Milliseconds{0} : patience, stop);
  if (number) {
    impatient = false;
    return true;
  }
  if (number.error().code != base::ErrorCode::too_large) {
    drop(event, number.error(), impatient);
    return false;
  }
  ++too_large_;
  keep(number.error().message, std::string(base::truncate_utf8(text, model::k_max_excerpt)));
  return true;
}

void Intake::keep(std::string reason, std::string begins) {
  if (letters_ == k_most_letters) return;
  const auto kept = spool_.keep({{}, std::string(k_unreadable), std::move(reason), std::move(begins)});
  if (kept) {
    ++letters_;
  } else {
    base::log(base::LogLevel::warn, "cannot keep a dead letter", {{"detail", kept.error().message}});
  }
}

base::Result<RecordNumber> Intake::append(const std::string& text, Weight weight, base::Milliseconds patience,
                                          const std::stop_token& stop) {
  auto number = spool_.append(text, weight);
  const bool is_full = !number && number.error().code == base::ErrorCode::unavailable;
  if (is_full && patience > base::Milliseconds{0} &&
      spool_.wait_for_room(text.size(), weight, patience, stop)) {
    number = spool_.append(text, weight);
  }
  return number;
}

void Intake::drop(const model::Event& event, const base::Error& error, bool& impatient) {
  ++dropped_;
  if (error.code == base::ErrorCode::unavailable && !std::exchange(impatient, true))
    base::log(base::LogLevel::warn, error.message);
  const std::string& conversation = model::conversation_id(event);
  if (conversation.empty() || (gaps_.size() == k_most_gaps && !gaps_.contains(conversation))) return;
  Gap& gap = gaps_.try_emplace(conversation, Gap{event.at, event.at}).first->second;
  gap.to = event.at;
  ++gap.count;
}

void Intake::mark_gaps() {
  for (const auto& [conversation, gap] : std::exchange(gaps_, {})) {
    const auto marked = spool_.append(model::encode_event(to_event(conversation, gap)), Weight::gap);
    if (!marked) base::log(base::LogLevel::error, "cannot mark a gap", {{"detail", marked.error().message}});
  }
}

model::Event Intake::to_event(const std::string& conversation, const Gap& gap) {
  model::LogEntry entry;
  entry.conversation_id = conversation;
  entry.level = "error";
  entry.role = "system";
  entry.content = base::group_digits(gap.count) + (gap.count == 1 ? " event is" : " events are") +
                  " missing here: there was no room to keep them until the server could be reached.";
  model::JsonWriter(entry.metadata.text)
      .begin_object()
      .key("gap")
      .begin_object()
      .field("from", base::format_rfc3339(gap.from))
      .field("to", base::format_rfc3339(gap.to))
      .field("count", gap.count)
      .end_object()
      .end_object();
  return {gap.to, std::move(entry)};
}

}  // namespace agentpipe::delivery
