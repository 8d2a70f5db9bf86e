#include "claude_lane.hpp"

#include <algorithm>

#include "claude_text.hpp"

namespace agentpipe::formats::claude {
namespace {

/// More than an answer's tools give back; a file that goes on beyond is not what we take it for.
constexpr std::size_t k_max_held_bytes = 32UL << 20U;

std::string_view uuid_of(const Node& record) {
  return record["uuid"].view();
}

model::OptionalInt elapsed(std::optional<base::Timestamp> from, std::optional<base::Timestamp> to) {
  if (!from || !to || *to < *from) return std::nullopt;
  return (*to - *from).count();
}

/// Which of two counts of one answer is the final one: early lines hold partial numbers.
const Usage& larger(const Usage& a, const Usage& b) {
  return b.output > a.output || (b.output == a.output && b.total() > a.total()) ? b : a;
}

void note_calls(const Node& content, const std::string& message_id, Conversation& conversation) {
  content.each([&](const Node& block) {
    const auto id = block["id"].text();
    if (block["type"].view() == "tool_use" && !id.empty())
      conversation.open_calls[id] = {block["name"].text(), message_id};
  });
}

}  // namespace

bool Lane::belongs(const Node& record) const {
  if (!answer_ || answer_->message_id.empty()) return false;
  return record["message"]["id"].view() == answer_->message_id &&
         record["requestId"].view() == answer_->request_id;
}

bool Lane::answer(const Node& record, Conversation& conversation, Sink& sink) {
  const bool is_new = conversation.seen.add_record(uuid_of(record));
  if (!belongs(record)) {
    if (!is_new) return false;
    close(conversation, sink);
    if (!open(record, conversation, sink)) return false;
  }
  auto& message = answer_->message;
  if (const auto usage = record["message"]["usage"]; usage.is_object())
    message.usage = larger(message.usage.value_or(Usage{}), usage_of(usage));
  if (is_new) add_line(record, conversation);
  return is_new;
}

bool Lane::open(const Node& record, Conversation& conversation, Sink& /*sink*/) {
  Answer answer;
  answer.message_id = record["message"]["id"].text();
  answer.request_id = record["requestId"].text();
  answer.opened = conversation.seen.open(answer.message_id, answer.request_id, uuid_of(record), chain_);
  if (answer.opened.kind == Seen::Kind::replayed) return false;
  answer.first_at = record["timestamp"].time();
  answer.message.id = answer.opened.message_id;
  answer.message.agent_id = agent_id_;
  answer.message.role = "assistant";
  answer.message.model = record["message"]["model"].text();
  answer_ = std::move(answer);
  return true;
}

void Lane::add_line(const Node& record, Conversation& conversation) {
  const auto message = record["message"];
  const auto content = message["content"];
  auto& parts = answer_->message.parts;
  if (content.is_text()) parts.text(content.view());
  content.each([&](const Node& block) { add_block(block, parts); });
  note_calls(content, answer_->message.id, conversation);
  answer_->last_at = record["timestamp"].time();
  answer_->complete = answer_->complete || !message["stop_reason"].is_null();
  if (const auto cost = record["costUSD"].money())
    answer_->message.reported_cost = std::max(*cost, answer_->message.reported_cost.value_or(0));
}

void Lane::hand_on_answer(Conversation& conversation, Sink& sink) {
  if (!answer_) return;
  auto answer = std::move(*answer_);
  answer_.reset();
  ++answers_in_turn_;
  auto& message = answer.message;
  if (message.usage) {
    const auto whole = *message.usage;
    message.usage = excess(answer.opened.counted, whole);
    conversation.seen.close(answer.message_id, answer.request_id, whole);
  } else {
    conversation.seen.close(answer.message_id, answer.request_id, answer.opened.counted);
  }
  if (!message.duration_ms) message.duration_ms = elapsed(asked_at_, answer.last_at);
  conversation.session.message(answer.first_at, std::move(message), sink);
}

void Lane::close(Conversation& conversation, Sink& sink) {
  hand_on_answer(conversation, sink);
  for (auto& held : held_) {
    if (held.at) asked_at_ = held.at;
    conversation.session.message(held.at, std::move(held.message), sink);
  }
  held_.clear();
  held_bytes_ = 0;
}

void Lane::close_if_complete(Conversation& conversation, Sink& sink) {
  if (!answer_ || answer_->complete) close(conversation, sink);
}

void Lane::hold(std::optional<base::Timestamp> at, AgentMessage message, Conversation& conversation,
                Sink& sink) {
  held_bytes_ += message.parts.bytes();
  held_.push_back({at, std::move(message)});
  if (held_bytes_ > k_max_held_bytes) return close(conversation, sink);
  close_if_complete(conversation, sink);
}

void Lane::results(const Node& record, Conversation& conversation, Sink& sink) {
  record["message"]["content"].each([&](const Node& block) {
    if (block["type"].view() != "tool_result") return;
    const auto call_id = block["tool_use_id"].text();
    const auto call = conversation.open_calls.extract(call_id);
    AgentMessage message;
    if (!call_id.empty()) message.id = "result-" + call_id;
    message.agent_id = agent_id_;
    message.role = "tool";
    message.parts = result_parts(block, call ? std::string_view(call.mapped().name) : std::string_view());
    if (call) message.parent_message_id = call.mapped().message_id;
    hold(record["timestamp"].time(), std::move(message), conversation, sink);
  });
}

AgentMessage Lane::asked(const Node& record, MessageParts parts) const {
  AgentMessage message;
  if (prompts_ == Prompts::by_record) message.id = uuid_of(record);
  message.agent_id = prompter_id_;
  message.role = "user";
  message.parts = std::move(parts);
  return message;
}

void Lane::prompt(const Node& record, MessageParts parts, Conversation& conversation, Sink& sink) {
  if (parts.empty()) return;
  close(conversation, sink);
  answers_in_turn_ = 0;
  asked_at_ = record["timestamp"].time();
  auto message = asked(record, std::move(parts));
  conversation.session.message(asked_at_, std::move(message), sink);
}

void Lane::queued_prompt(const Node& record, MessageParts parts, Conversation& conversation, Sink& sink) {
  if (parts.empty()) return;
  auto message = asked(record, std::move(parts));
  hold(record["timestamp"].time(), std::move(message), conversation, sink);
}

void Lane::turn_ended(model::OptionalInt duration_ms, Conversation& conversation, Sink& sink) {
  if (answer_ && answers_in_turn_ == 0) answer_->message.duration_ms = duration_ms;
  close(conversation, sink);
}

}  // namespace agentpipe::formats::claude
