#include "agentpipe/service/ingest.hpp"

#include <algorithm>

#include "agentpipe/base/crypto.hpp"
#include "agentpipe/base/time.hpp"
#include "agentpipe/model/codec.hpp"
#include "agentpipe/model/json_writer.hpp"
#include "agentpipe/model/limits.hpp"
#include "parameters.hpp"

namespace agentpipe::service {

namespace {

/// The union of what the existing server answers and what its documentation promises (wire contract, section
/// 8).
std::string event_reply(const store::Stored& stored, base::Timestamp received) {
  std::string json;
  model::JsonWriter writer(json);
  writer.begin_object()
      .field("success", true)
      .field("status", stored.outcome == store::Outcome::created ? "created" : "ok");
  if (!stored.conversation_id.empty())
    writer.field("conversation_id", stored.conversation_id).field("conversationId", stored.conversation_id);
  if (!stored.message_id.empty())
    writer.field("message_id", stored.message_id).field("messageId", stored.message_id);
  writer.field("duplicate", stored.outcome == store::Outcome::duplicate)
      .field("received_at", base::format_rfc3339(received))
      .end_object();
  return json;
}

/// A live-only event reaches the watchers and is forgotten.
bool is_live_only(const model::Event& event) {
  return std::holds_alternative<model::TurnMarker>(event.body);
}
/// The live-only events of a batch with their places in it.
std::vector<std::pair<std::uint64_t, model::Event>> live_only_of(const store::Batch& batch) {
  std::vector<std::pair<std::uint64_t, model::Event>> found;
  for (std::size_t i = 0; i < batch.events.size(); ++i) {
    if (batch.events[i] && is_live_only(*batch.events[i])) found.emplace_back(i, *batch.events[i]);
  }
  return found;
}
bool is_stored(const model::Event& event) {
  return !is_live_only(event) && !std::holds_alternative<model::BridgeTest>(event.body);
}

struct Tally {
  std::int64_t messages = 0;
  std::int64_t duplicates = 0;
  std::int64_t differing = 0;
  std::int64_t tokens = 0;
  double cost = 0;
  bool new_session = false;
  bool grown = false;
};

/// What the reply says of an event; the event itself goes to the store.
struct Told {
  enum class Kind : unsigned char { start, message, note } kind = Kind::note;
  std::int64_t tokens = 0;
  double cost = 0;
};

Told told_of(const model::Event& event) {
  if (std::holds_alternative<model::ConversationStarted>(event.body)) return {Told::Kind::start};
  const auto* message = std::get_if<model::MessageCreated>(&event.body);
  if (message == nullptr) return {};
  const auto sum = message->input_tokens.value_or(0) + message->output_tokens.value_or(0);
  return {Told::Kind::message, message->tokens_used.value_or(sum), message->cost.value_or(0)};
}

Tally tally_of(const std::vector<Told>& events, const store::Appended& appended) {
  Tally tally;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const bool created = appended[i].outcome == store::Outcome::created;
    const bool duplicate = appended[i].outcome == store::Outcome::duplicate;
    const bool is_message = events[i].kind == Told::Kind::message;
    const bool is_start = events[i].kind == Told::Kind::start;
    tally.new_session = tally.new_session || (is_start && created);
    tally.grown = tally.grown || (!is_start && created);
    tally.duplicates += is_message && duplicate ? 1 : 0;
    tally.differing += appended[i].outcome == store::Outcome::differing ? 1 : 0;
    if (!is_message || !created) continue;
    ++tally.messages;
    tally.tokens += events[i].tokens;
    tally.cost += events[i].cost;
  }
  return tally;
}

Reply upload_reply(const std::string& id, std::int64_t participants, const Tally& tally) {
  Reply reply;
  reply.created = tally.new_session;
  model::JsonWriter writer(reply.json);
  writer.begin_object()
      .field("success", true)
      .field("result", tally.new_session ? "new"
                       : tally.grown     ? "grown"
                                         : "unchanged")
      .field("conversation_id", id)
      .field("conversationId", id)
      .field("messagesCreated", tally.messages)
      .field("duplicates", tally.duplicates)
      .field("conflicts", tally.differing)
      .field("participantsCreated", tally.new_session ? participants : 0)
      .field("totalTokens", tally.tokens)
      .field("totalCost", tally.cost)
      .end_object();
  return reply;
}

base::Result<store::Contradiction> contradiction_of(const WriteTerms& terms) {
  if (terms.conflicts.empty() || terms.conflicts == "refuse") return store::Contradiction::refuse;
  if (terms.conflicts == "keep") return store::Contradiction::keep_stored;
  return tl::unexpected(bad_parameter("conflicts", "must be refuse or keep"));
}

/// The store's form of an Idempotency-Key: one caller's names mean nothing to another.
base::Result<std::optional<store::Idempotency>> idempotency_of(const WriteTerms& terms,
                                                               std::string_view body) {
  if (terms.idempotency_key.empty()) return std::optional<store::Idempotency>();
  if (terms.idempotency_key.size() > model::k_max_idempotency_key) {
    return base::failure_at(
        "Idempotency-Key", base::ErrorCode::invalid,
        "Idempotency-Key may have at most " + std::to_string(model::k_max_idempotency_key) + " characters.",
        "bad_header");
  }
  const std::string name = std::string(terms.caller) + '\n' + std::string(terms.idempotency_key);
  return std::optional(store::Idempotency{base::sha256(name), base::sha256(body)});
}

}  // namespace

void Ingest::event(std::string_view body, const WriteTerms& terms, ReplyDone done) {
  const auto received = clock_.now();
  auto event = model::decode_event(body, received);
  if (!event) return done(base::forward(event));
  auto idempotency = idempotency_of(terms, body);
  if (!idempotency) return done(base::forward(idempotency));
  if (is_live_only(*event)) broadcast_(*event);
  if (!is_stored(*event)) {
    const store::Stored accepted{store::Outcome::recorded, 0, model::conversation_id(*event), {}};
    return done(Reply{false, event_reply(accepted, received)});
  }
  store::Append append;
  append.received = received;
  append.source = store::Source::cli_stream;
  append.idempotency = *idempotency;
  append.events.push_back(std::move(*event));
  store_.append(std::move(append),
                [received, done = std::move(done)](base::Result<store::Appended> appended) {
                  if (!appended) return done(base::forward(appended));
                  const auto& stored = appended->front();
                  done(Reply{stored.outcome == store::Outcome::created, event_reply(stored, received)});
                });
}

void Ingest::batch(const BatchHead& head, std::string_view body, BatchReplyDone done) {
  auto batch = read_batch(head, body, clock_.now());
  if (!batch) return done(base::forward(batch));
  auto live = live_only_of(*batch);
  store_.append_batch(std::move(*batch), [this, live = std::move(live),
                                          done = std::move(done)](base::Result<store::Received> received) {
    if (!received) return done(base::forward(received));
    if (const auto* gap = std::get_if<store::Gap>(&*received)) return done(BatchReply(*gap));
    const auto& taken = std::get<store::Taken>(*received);
    for (const auto& [place, event] : live) {
      if (place >= taken.repeated) broadcast_(event);
    }
    done(BatchReply(Reply{false, batch_json(taken)}));
  });
}

void Ingest::upload(std::string_view body, const WriteTerms& terms, ReplyDone done) {
  const auto received = clock_.now();
  auto upload = model::decode_upload(body, received);
  if (!upload) return done(base::forward(upload));
  auto idempotency = idempotency_of(terms, body);
  if (!idempotency) return done(base::forward(idempotency));
  const auto contradiction = contradiction_of(terms);
  if (!contradiction) return done(base::forward(contradiction));
  store::Append append;
  append.received = received;
  append.source = store::Source::cli_upload;
  append.idempotency = *idempotency;
  append.contradiction = *contradiction;
  const auto participants = static_cast<std::int64_t>(upload->started().participants.size());
  std::vector<Told> told(upload->events.size());
  std::ranges::transform(upload->events, told.begin(), told_of);
  append.events = std::move(upload->events);
  store_.append(std::move(append), [participants, told = std::move(told),
                                    done = std::move(done)](base::Result<store::Appended> appended) {
    if (!appended) return done(base::forward(appended));
    done(upload_reply(appended->front().conversation_id, participants, tally_of(told, *appended)));
  });
}

}  // namespace agentpipe::service
