#include "upload_send.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "agentpipe/base/text.hpp"
#include "agentpipe/base/time.hpp"
#include "agentpipe/delivery/courier.hpp"
#include "agentpipe/delivery/memory_spool.hpp"
#include "agentpipe/delivery/stored_session.hpp"
#include "agentpipe/model/codec.hpp"
#include "agentpipe/model/limits.hpp"

namespace agentpipe::cli {
namespace {

using delivery::Verdict;
using nlohmann::json;

constexpr std::array<std::string_view, 10> k_names = {
    "new",         "grown",         "unchanged",   "conflict", "refused",
    "key_refused", "misconfigured", "unreachable", "stopped",  "would_send"};

/// The answer of the upload endpoint to a session that it took.
SendResult read_answer(const delivery::Response& response) {
  const json answer = json::parse(response.body, nullptr, false);
  SendResult result;
  result.sent = response.status == 201 ? Sent::added : Sent::unchanged;
  if (!answer.is_object()) return result;
  const auto word = answer.find("result");
  if (word != answer.end() && *word == "grown") result.sent = Sent::grown;
  const auto number = [&](const char* name) {
    const auto value = answer.find(name);
    return value != answer.end() && value->is_number_integer() ? value->get<std::int64_t>() : 0;
  };
  result.messages_created = number("messagesCreated");
  result.differing = number("conflicts");
  return result;
}

bool has_no_upload(const delivery::Response& response) {
  return response.fault == delivery::NetworkFault::none &&
         (response.status == 404 || response.status == 405 || response.status == 501);
}

SendResult read_refusal(const delivery::Response& response, Verdict verdict) {
  if (response.status == 409) return {Sent::conflict, 0, delivery::refusal(response).reason};
  if (verdict == Verdict::split)
    return {Sent::refused, 0, "too large for this server; ship it with: agentpipe-bridge stream"};
  return {Sent::refused, 0, delivery::refusal(response).reason};
}

SendResult read(const delivery::Response& response) {
  const auto verdict = delivery::classify(response);
  switch (verdict) {
    case Verdict::delivered:
      return read_answer(response);
    case Verdict::reject:
    case Verdict::split:
      return read_refusal(response, verdict);
    case Verdict::pause:
      return {Sent::key_refused, 0, delivery::explain(response)};
    case Verdict::misconfigured:
      return {Sent::misconfigured, 0, delivery::explain(response)};
    default:
      return {Sent::unreachable, 0, delivery::explain(response)};
  }
}

/// Longer than this an upload does not wait for a server: it is easily run again.
constexpr base::Milliseconds k_longest_wish{60'000};
/// Shorter waits are over before anybody wonders.
constexpr base::Milliseconds k_silent_wait{3'000};

/// For how long the server wants no request, before it may take this one.
std::optional<base::Milliseconds> wish_of(const delivery::Response& response, base::Timestamp now) {
  if (delivery::classify(response) != Verdict::retry) return std::nullopt;
  return delivery::retry_after(response, now);
}

SendResult put_off(const delivery::Response& response, base::Milliseconds wish) {
  return {Sent::unreachable, 0,
          delivery::explain(response) + "; it asks to wait " + base::human_duration(wish) +
              ", run the same command again then"};
}

/// Passes requests on and lets somebody look at the answers.
class WatchedTransport final : public delivery::Transport {
 public:
  using Watch = std::function<void(const delivery::Response& response)>;
  WatchedTransport(delivery::Transport& transport, Watch watch)
      : transport_(transport), watch_(std::move(watch)) {}

  delivery::Response send(const delivery::Request& request, const std::stop_token& stop) override {
    auto response = transport_.send(request, stop);
    watch_(response);
    return response;
  }

 private:
  delivery::Transport& transport_;
  Watch watch_;
};

/// How many messages of the session a server without uploads does not have.
std::int64_t count_missing(const model::Upload& upload, const delivery::StoredSession& stored) {
  return std::count_if(upload.events.begin(), upload.events.end(), [&stored](const model::Event& event) {
    return std::holds_alternative<model::MessageCreated>(event.body) && !stored.has(event);
  });
}

/// Does such a server know the session's end, or is there none?
bool has_end(const model::Upload& upload, const delivery::StoredSession& stored) {
  const auto* end = std::get_if<model::ConversationCompleted>(&upload.events.back().body);
  return end == nullptr || stored.status == model::to_string(end->status);
}

SendResult read(const delivery::DeliveryState& state, bool stopped_by_user) {
  using delivery::Line;
  if (stopped_by_user) return {Sent::stopped, 0, {}};
  switch (state.line) {
    case Line::refused:
      return {Sent::key_refused, 0, state.trouble};
    case Line::misconfigured:
      return {Sent::misconfigured, 0, state.trouble};
    case Line::retrying:
    case Line::down:
      return {Sent::unreachable, 0, state.trouble};
    default:
      break;
  }
  if (state.counts.rejected == 0) return {Sent::added, 0, {}};
  const auto why = state.last_letter ? ": " + state.last_letter->reason : std::string();
  return {Sent::refused, 0, base::group_digits(state.counts.rejected) + " of its events were refused" + why};
}

}  // namespace

std::string_view to_string(Sent sent) {
  return k_names[static_cast<std::size_t>(sent)];
}

bool is_final(Sent sent) {
  return sent == Sent::key_refused || sent == Sent::misconfigured || sent == Sent::unreachable ||
         sent == Sent::stopped;
}

delivery::Response SessionSender::post(const std::string& document, const std::stop_token& stop) {
  // What was rendered or redacted in another way before must not keep out what is new.
  const delivery::Request request{
      "POST", "/api/sessions/upload?conflicts=keep", document, "application/json", {}};
  for (unsigned failures = 0;; ++failures) {
    auto response = transport_.send(request, stop);
    if (stop.stop_requested() || delivery::classify(response) != Verdict::retry) return response;
    if (failures == policy_.retry_attempts) return response;
    auto wait = delivery::backoff(failures, random_());
    if (const auto wish = wish_of(response, clock_.now())) {
      if (*wish > k_longest_wish) return response;
      wait = std::max(wait, delivery::spread(*wish, random_()));
    }
    announce(wait, response);
    if (!clock_.sleep(wait, stop)) return response;
  }
}

void SessionSender::announce(base::Milliseconds wait, const delivery::Response& response) const {
  if (wait < k_silent_wait) return;
  tell_("waiting " + base::human_duration(wait) + ": " + delivery::explain(response));
}

SendResult SessionSender::send(const model::Upload& upload, const std::stop_token& stop) {
  if (plain_server_) return send_events(upload, stop);
  const auto document = model::encode_upload(upload);
  if (document.size() > model::k_max_upload) {
    return {Sent::refused, 0,
            "larger than one upload may be (" + base::human_bytes(model::k_max_upload) +
                "); ship it with: agentpipe-bridge stream"};
  }
  const auto response = post(document, stop);
  if (has_no_upload(response)) {
    plain_server_ = true;
    return send_events(upload, stop);
  }
  if (stop.stop_requested() && response.fault != delivery::NetworkFault::none) return {Sent::stopped, 0, {}};
  const auto wish = wish_of(response, clock_.now());
  return wish && *wish > k_longest_wish ? put_off(response, *wish) : read(response);
}

SendResult SessionSender::send_events(const model::Upload& upload, const std::stop_token& stop) {
  const auto request = delivery::session_request(upload.started().conversation_id);
  const auto stored =
      delivery::read_session(transport_.send(request, stop)).value_or(delivery::StoredSession());
  const bool known = !stored.status.empty();
  const auto missing = count_missing(upload, stored);
  if (known && missing == 0 && has_end(upload, stored)) return {Sent::unchanged, 0, {}};

  constexpr std::size_t k_room = 3 * model::k_max_upload;
  delivery::MemorySpool spool({upload.events.size() + 1, k_room, 0});
  for (const auto& event : upload.events) {
    if (auto accepted = spool.append(model::encode_event(event)); !accepted) {
      return {Sent::refused, 0, accepted.error().message};
    }
  }
  std::stop_source enough;
  const std::stop_callback by_user(stop, [&enough] { enough.request_stop(); });
  const auto give_up = [&](const delivery::DeliveryState& state) {
    const bool hopeless = state.line == delivery::Line::down || state.line == delivery::Line::refused ||
                          state.line == delivery::Line::misconfigured;
    if (hopeless) enough.request_stop();
  };
  std::optional<SendResult> later;
  WatchedTransport transport(transport_, [&](const delivery::Response& response) {
    const auto wish = wish_of(response, clock_.now());
    if (!wish) return;
    if (*wish <= k_longest_wish) return announce(*wish, response);
    later = put_off(response, *wish);
    enough.request_stop();
  });
  delivery::Courier courier(spool, transport, clock_, random_, give_up);
  courier.deliver(enough.get_token());
  if (later) return *later;
  auto result = read(courier.state(), stop.stop_requested());
  if (result.sent != Sent::added) return result;
  result.messages_created = missing;
  if (known) result.sent = Sent::grown;
  return result;
}

}  // namespace agentpipe::cli
