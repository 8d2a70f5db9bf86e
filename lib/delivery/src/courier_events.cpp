#include <string>
#include <utility>
#include <variant>

#include "agentpipe/delivery/courier.hpp"
#include "agentpipe/model/codec.hpp"
#include "courier_batches.hpp"
#include "plain_dialect.hpp"

// One event a request, as servers want it that know no batches.
namespace agentpipe::delivery {

namespace {

constexpr std::string_view k_ingest_path = "/api/ingest";
/// So many 500 to one event, while the server answers questions about its conversation: it is the event.
constexpr unsigned k_most_server_errors = 5;

Request post(const std::string& event) {
  return {"POST", std::string(k_ingest_path), event, "application/json", {}};
}

}  // namespace

void Courier::send_event(Record record, const std::stop_token& stop) {
  const auto translated = translate(*capabilities_, record.event);
  if (!translated) return settle({.through = record.number, .withheld = 1});
  const bool cut = translated->content == Translated::Content::shortened;
  const Settlement taken{.through = record.number, .delivered = 1, .shortened = cut ? 1U : 0U};
  if (is_stored(translated->event)) return settle(taken);
  if (attempt_.number != record.number) attempt_ = {record.number};
  if (attempt_.is_in_doubt && has_arrived(translated->event, stop)) {
    follow_course(translated->event);
    settle(taken);
    return recovered();
  }
  const Response response = transport_.send(post(translated->event), stop);
  if (stop.stop_requested() && response.fault != NetworkFault::none) return;
  Verdict verdict = classify(response);
  if (verdict == Verdict::delivered) follow_course(translated->event);
  attempt_.server_errors = response.status == 500 ? attempt_.server_errors + 1 : 0;
  if (attempt_.server_errors > 0 && capabilities_->dialect == Dialect::plain) {
    verdict = look_up(translated->event, stop);
  }
  attempt_.is_in_doubt = attempt_.is_in_doubt || verdict == Verdict::retry;
  switch (verdict) {
    case Verdict::delivered:
      settle(taken);
      return recovered();
    case Verdict::reject:
    case Verdict::split:
      bury(std::move(record), refusal(response));
      return recovered();
    default:
      return hold_back(verdict, response, stop);
  }
}

bool Courier::is_stored(const std::string& event) const {
  if (inquiry_.conversation.empty()) return false;
  const auto decoded = model::decode_event(event, {});
  return decoded && model::conversation_id(*decoded) == inquiry_.conversation && inquiry_.found.has(*decoded);
}

Verdict Courier::look_up(const std::string& event, const std::stop_token& stop) {
  const auto decoded = model::decode_event(event, {});
  if (!decoded || model::conversation_id(*decoded).empty()) return Verdict::retry;
  const std::string& conversation = model::conversation_id(*decoded);
  auto found = read_session(transport_.send(session_request(conversation), stop));
  if (!found) return Verdict::retry;
  inquiry_ = {conversation, std::move(*found)};
  if (inquiry_.found.has(*decoded)) return Verdict::delivered;
  if (attempt_.server_errors < k_most_server_errors) return Verdict::retry;
  if (!inquiry_.found.status.empty() || attempt_.has_beginning) return Verdict::reject;
  const std::string beginning = placeholder_for(*decoded);
  if (beginning.empty()) return Verdict::reject;
  attempt_ = {attempt_.number, 0, true};
  transport_.send(post(beginning), stop);
  return Verdict::retry;
}

// Such a server takes the same error twice, and tells of the last one of a conversation alone. So that says
// something only when the one before is known to be another.
bool Courier::has_arrived(const std::string& event, const std::stop_token& stop) {
  if (course_.conversation.empty()) return false;
  const auto decoded = model::decode_event(event, {});
  const auto* error = decoded ? std::get_if<model::ConversationError>(&decoded->body) : nullptr;
  if (error == nullptr || error->conversation_id != course_.conversation ||
      error->error_message == course_.last_error) {
    return false;
  }
  const auto found = read_session(transport_.send(session_request(error->conversation_id), stop));
  return found && found->status == model::to_string(model::Status::error) &&
         found->error == error->error_message;
}

void Courier::follow_course(const std::string& event) {
  if (capabilities_->dialect != Dialect::plain) return;
  const auto decoded = model::decode_event(event, {});
  if (!decoded) return;
  if (const auto* started = std::get_if<model::ConversationStarted>(&decoded->body))
    course_ = {started->conversation_id, {}};
  if (const auto* error = std::get_if<model::ConversationError>(&decoded->body))
    course_ = {error->conversation_id, error->error_message};
}

}  // namespace agentpipe::delivery
