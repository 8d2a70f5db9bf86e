#include "aider_session.hpp"

#include <utility>

#include "agentpipe/base/text.hpp"
#include "agentpipe/model/limits.hpp"
#include "clean.hpp"

namespace agentpipe::formats::aider {
namespace {

/// Of one block; more is left out, as a message would be cut there anyway.
constexpr std::size_t k_max_block = model::k_max_content;

void add_line(std::string& block, std::string_view line) {
  if (block.size() + line.size() >= k_max_block) return;
  block.append(line).push_back('\n');
}

std::string taken(std::string& block) {
  return std::string(base::trim(std::exchange(block, {})));
}

}  // namespace

Session::Session(std::string_view native_id, std::optional<base::Timestamp> at, const Origin& origin)
    : session_(k_source, native_id, origin), at_(at) {
  session_.join(k_user, k_user);
  session_.join(k_source, k_source, "Aider");
  session_.started.metadata.text = R"({"reconstructed":true})";
  const auto folder = origin.path.parent_path().lexically_normal().string();
  if (!folder.empty()) session_.started.cwd = label(folder);
}

void Session::prompt(std::string_view line, Sink& sink) {
  enter(Block::prompt, sink);
  add_line(prompt_, line);
}

void Session::answer(std::string_view line, Sink& sink) {
  enter(Block::answer, sink);
  add_line(answer_, line);
}

void Session::status(std::string_view line, Sink& sink) {
  enter(Block::status, sink);
  if (auto account = account_of(line)) {
    if (account_) flush_answer(sink);
    account_ = account;
    if (account->session_cost) session_cost_ = account->session_cost;
    return;
  }
  learn(line);
  add_line(status_, line);
}

void Session::learn(std::string_view status) {
  if (const auto model = model_of(status); !model.empty()) model_ = label(model);
  if (const auto version = version_of(status); !version.empty())
    session_.started.participants.back().cli_version = label(version);
}

void Session::end_block() {
  broken_off_ = true;
}

/// An answer waits for its account, which comes among the program's lines behind it.
void Session::enter(Block block, Sink& sink) {
  const bool broken_off = std::exchange(broken_off_, false);
  if (block == block_ && (block == Block::status || !broken_off)) return;
  flush_prompt(sink);
  if (block != Block::status) {
    flush_answer(sink);
    flush_status(sink);
  }
  block_ = block;
}

void Session::flush_prompt(Sink& sink) {
  const auto text = taken(prompt_);
  if (text.empty()) return;
  session_.asked(text);
  session_.begin(at_, sink);
  flush_status(sink);  // the greeting
  session_.prompt(at_, {}, text, sink);
}

void Session::flush_answer(Sink& sink) {
  const auto text = taken(answer_);
  const auto account = std::exchange(account_, std::nullopt);
  if (text.empty() && !account) return;
  AgentMessage message;
  message.agent_id = std::string(k_source);
  message.role = "assistant";
  message.model = model_;
  message.parts.text(text);
  if (text.empty()) message.parts.notice("usage", "Tokens used without an answer");
  if (account) {
    message.usage = account->usage;
    message.reported_cost = account->cost;
    message.metadata.text = R"({"rounded":true})";
  }
  session_.message(at_, std::move(message), sink);
}

/// Before anybody has said anything it waits, because the first prompt names the session.
void Session::flush_status(Sink& sink) {
  if (!session_.begun()) return;
  const auto text = taken(status_);
  if (!text.empty()) session_.note(at_, "info", text, sink);
}

void Session::flush_complete(Sink& sink) {
  if (block_ != Block::prompt) flush_prompt(sink);
  if (account_) flush_answer(sink);
}

bool Session::finish(Sink& sink) {
  flush_prompt(sink);
  flush_answer(sink);
  flush_status(sink);
  model::ConversationCompleted completed;
  completed.total_cost = session_cost_;
  session_.complete(at_, std::move(completed), sink);
  return session_.begun();
}

}  // namespace agentpipe::formats::aider
