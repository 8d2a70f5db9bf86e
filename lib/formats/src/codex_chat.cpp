#include "codex_chat.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "agentpipe/base/text.hpp"
#include "clean.hpp"
#include "codex_text.hpp"

namespace agentpipe::formats::codex {

Chat::Chat(std::string_view thread_id, const Origin& origin)
    : session(k_source, thread_id, origin), origin_(origin) {
  session.join(k_user, k_user);
  session.join(k_source, k_source, "Codex");
}

AgentMessage Chat::said(std::string_view role, MessageParts parts) {
  AgentMessage message;
  message.agent_id = k_source;
  message.role = std::string(role);
  message.model = model_;
  message.parts = std::exchange(thoughts_, {});
  message.parts.append(std::move(parts));
  return message;
}

void Chat::use_model(std::string_view model) {
  if (!model.empty()) model_ = std::string(model);
}

void Chat::prompt(Time at, std::string_view text, Sink& sink) {
  end_turn(at, sink);
  asked_at_ = at;
  session.prompt(at, {}, text, sink);
}

void Chat::text(Time at, std::string_view text, Sink& sink) {
  text = base::trim(text);
  if (text.empty()) return;
  release(sink);
  MessageParts parts;
  parts.text(text);
  held_ = Text{at, said("assistant", std::move(parts))};
  if (at && asked_at_ && *at >= *asked_at_) held_->message.duration_ms = (*at - *asked_at_).count();
}

void Chat::thinking(std::string_view text) {
  thoughts_.thinking(text);
}

void Chat::tool(Time at, std::string id, std::string_view role, MessageParts parts, Sink& sink) {
  release(sink);
  auto message = said(role, std::move(parts));
  message.id = std::move(id);
  session.message(at, std::move(message), sink);
  asked_at_ = at;
}

void Chat::colleague(Time at, std::string_view path, std::string_view role, std::string_view text,
                     Sink& sink) {
  release(sink);
  session.join(path, k_source, label(task_in(path)));
  AgentMessage message;
  message.agent_id = std::string(path);
  message.role = std::string(role);
  if (text.empty()) {
    message.parts.notice("encrypted", "What is said here, only the model can read.");
  } else {
    message.parts.text(text);
    if (role == "user") session.asked(text);
  }
  session.message(at, std::move(message), sink);
  asked_at_ = at;
}

void Chat::notice(Time at, std::string_view kind, std::string_view text, Sink& sink) {
  release(sink);
  MessageParts parts;
  parts.notice(kind, text);
  session.message(at, said("system", std::move(parts)), sink);
}

void Chat::report(const std::optional<Usage>& total, const std::optional<Usage>& last) {
  accounts_.report(total, last, model_, prices_of(origin_));
}

void Chat::account(AgentMessage& message) {
  const auto sum = accounts_.take();
  if (!sum) return;
  if (message.model.empty()) message.model = model_;
  message.usage = sum->usage;
  message.estimated_cost = sum->cost;
  message.estimate = AgentMessage::Estimate::given;
}

void Chat::release(Sink& sink) {
  if (!held_) return;
  auto held = std::move(*held_);
  held_.reset();
  session.message(held.at, std::move(held.message), sink);
}

void Chat::end_turn(Time at, Sink& sink) {
  if (held_) {
    account(held_->message);
    return release(sink);
  }
  auto message = said("assistant", {});
  account(message);
  if (message.usage) message.parts.notice("usage", "Tokens used without an answer");
  if (!message.parts.empty()) session.message(at, std::move(message), sink);
}

void Chat::abort_turn(Time at, Sink& sink) {
  release(sink);
  MessageParts parts;
  parts.notice("interrupted", "The turn was interrupted.");
  auto message = said("system", std::move(parts));
  account(message);
  session.message(at, std::move(message), sink);
}

bool TextTwins::is_second(std::string_view text, Side side) {
  constexpr std::size_t k_most = 64;
  const auto mark = std::hash<std::string_view>{}(base::trim(text));
  const auto twin = std::find_if(waiting_.begin(), waiting_.end(), [&](const First& first) {
    return first.mark == mark && first.side != side;
  });
  if (twin != waiting_.end()) {
    waiting_.erase(twin);
    return true;
  }
  waiting_.push_back({mark, side});
  if (waiting_.size() > k_most) waiting_.pop_front();
  return false;
}

}  // namespace agentpipe::formats::codex
