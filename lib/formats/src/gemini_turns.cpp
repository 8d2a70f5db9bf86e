#include "gemini_turns.hpp"

#include <filesystem>
#include <utility>

#include "agentpipe/base/files.hpp"
#include "agentpipe/base/text.hpp"
#include "agentpipe/formats/prices.hpp"
#include "gemini_text.hpp"

namespace agentpipe::formats::gemini {

namespace {

/// Logs lie in `<project>/chats`, those of subagents a folder further down; `<project>/.project_root` says
/// where the project itself is.
model::OptionalText project_of(const std::filesystem::path& log) {
  constexpr std::uint64_t k_most = 4096;
  constexpr int k_deepest = 3;
  auto folder = log.parent_path();
  for (int i = 0; i < k_deepest && !log.empty(); ++i, folder = folder.parent_path()) {
    const auto path = folder / ".project_root";
    std::error_code error;
    if (std::filesystem::symlink_status(path, error).type() != std::filesystem::file_type::regular) continue;
    if (const auto text = base::read_file(path, k_most)) return std::string(base::trim(*text));
  }
  return std::nullopt;
}

}  // namespace

/// A log without a header is named after its file.
AgentSession& Turns::session() {
  if (!session_) session_.emplace(k_source, origin_.name.substr(0, origin_.name.rfind('.')), origin_);
  return *session_;
}

void Turns::begin(const Node& header) {
  if (session_) return;
  session_.emplace(k_source, header["sessionId"].view(), origin_);
  session_->join(k_user, k_user);
  session_->join(k_source, k_source, "Gemini CLI");
  auto& started = session_->started;
  header["directories"].each([&](const Node& folder) {
    if (!started.cwd) started.cwd = folder.label();
  });
  if (!started.cwd) started.cwd = project_of(origin_.path);
  // A subagent's log lies in a folder that is named after its parent's session.
  if (header["kind"].view() == "subagent" && !origin_.path.empty())
    started.parent_conversation_id =
        AgentSession(k_source, origin_.path.parent_path().filename().string(), origin_).id();
}

void Turns::tell(Entry entry, Sink& sink) {
  using Kind = Entry::Kind;
  switch (entry.kind) {
    case Kind::prompt:
      return tell_prompt(std::move(entry), sink);
    case Kind::answer:
      return tell_answer(std::move(entry), sink);
    case Kind::summary:
      return tell_summary(entry, sink);
    case Kind::note:
      return session().note(entry.at, "info", entry.message.parts.content(), sink);
    case Kind::error:
      return session().error(entry.at, "error", entry.message.parts.content(), sink);
    case Kind::nothing:
      return;
  }
}

void Turns::tell_prompt(Entry entry, Sink& sink) {
  charge_turn(sink);
  session().asked(entry.message.parts.content());
  session().message(entry.at, std::move(entry.message), sink);
}

void Turns::tell_answer(Entry entry, Sink& sink) {
  auto& message = entry.message;
  accounts_.report(std::nullopt, std::exchange(message.usage, std::nullopt), message.model,
                   prices_of(origin_));
  answered_at_ = entry.at;
  model_ = message.model;
  if (entry.has_words() || entry.tools.empty()) {
    if (entry.looked_final()) charge(message);
    if (!message.parts.empty()) session().message(entry.at, std::move(message), sink);
  } else {  // thoughts without words go with the call that they led to
    message.parts.append(std::move(entry.tools.front().parts));
    entry.tools.front().parts = std::move(message.parts);
  }
  for (auto& tool : entry.tools) session().message(entry.at, std::move(tool), sink);
}

void Turns::tell_summary(const Entry& entry, Sink& sink) {
  AgentMessage notice;
  notice.agent_id = k_source;
  notice.role = "system";
  notice.parts.notice("compacted", entry.message.parts.content());
  session().message(entry.at, std::move(notice), sink);
}

/// What was told is known by its id.
void Turns::tell_tools(Entry entry, Sink& sink) {
  for (auto& tool : entry.tools) {
    if (!tool.id.empty()) session().message(entry.at, std::move(tool), sink);
  }
}

/// What requests used until here goes to this message.
void Turns::charge(AgentMessage& message) {
  const auto sum = message.parts.empty() ? std::nullopt : accounts_.take();
  if (!sum) return;
  message.usage = sum->usage;
  message.estimated_cost = sum->cost;
  message.estimate = AgentMessage::Estimate::given;
}

/// A turn that ended with a tool's work has no last words to carry what it used.
void Turns::charge_turn(Sink& sink) {
  AgentMessage message;
  message.agent_id = k_source;
  message.role = "assistant";
  message.model = model_;
  message.parts.notice("usage", k_no_answer);
  charge(message);
  if (message.usage) session().message(answered_at_, std::move(message), sink);
}

void Turns::finish(Sink& sink) {
  if (!session_) return;
  charge_turn(sink);
  session_->complete({}, {}, sink);
}

}  // namespace agentpipe::formats::gemini
