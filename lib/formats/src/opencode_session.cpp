#include "opencode_session.hpp"

#include <algorithm>
#include <array>

#include "clean.hpp"

namespace agentpipe::formats::opencode {
namespace {

constexpr std::string_view k_aborted = "MessageAbortedError";

/// Newer versions give a total, which tells whether reasoning is a part of output or beside it.
Usage usage_of(const Node& tokens) {
  ReportedUsage reported;
  reported.input = tokens["input"].count_or_0();
  reported.output = tokens["output"].count_or_0();
  reported.reasoning = tokens["reasoning"].count_or_0();
  reported.cache_read = tokens["cache"]["read"].count_or_0();
  reported.cache_write = tokens["cache"]["write"].count_or_0();
  const auto total = tokens["total"].count();
  const auto inside = reported.input + reported.output + reported.cache_read + reported.cache_write;
  if (total && *total != inside) reported.output += reported.reasoning;
  return normalised(reported, InputRule::excludes_cached);
}

void add_tool(const Node& part, MessageParts& parts) {
  const auto state = part["state"];
  const auto id = part["callID"].view();
  const auto name = part["tool"].view();
  const auto input = state["input"].json();
  parts.tool_call({id, name, input});
  const auto status = state["status"].view();
  using Outcome = ToolResult::Outcome;
  if (status == "completed") parts.tool_result({id, name, state["output"].view(), Outcome::ok});
  if (status == "error") parts.tool_result({id, name, state["error"].view(), Outcome::failed});
}

void add_file(const Node& part, MessageParts& parts) {
  const auto mime = part["mime"].view();
  const auto url = part["url"].view();
  const auto data = url.starts_with("data:") ? url.substr(std::min(url.find(',') + 1, url.size())) : "";
  if (mime.starts_with("image/")) return parts.image(mime, data.size() / 4 * 3);  // base64
  parts.notice("file", "*" + part["filename"].text() + "*");
}

void add_subtask(const Node& part, MessageParts& parts) {
  parts.notice("subtask",
               "*" + part["agent"].text() + ": " + part.either("description", "prompt").text() + "*");
}

void add_retry(const Node& part, MessageParts& parts) {
  const auto error = part["error"];
  parts.notice("retry", "*tried again: " + error["data"].either("message", "name").text() + "*");
}

void add_agent(const Node& part, MessageParts& parts) {
  parts.notice("agent", "*@" + part["name"].text() + "*");
}

void add_compaction(const Node& /*part*/, MessageParts& parts) {
  parts.notice("compacted", "*the conversation so far was summed up*");
}

void add_thinking(const Node& part, MessageParts& parts) {
  parts.thinking(part["text"].view());
}

void add_text(const Node& part, MessageParts& parts) {
  parts.text(part["text"].view());
}

struct Kind {
  std::string_view type;
  void (*add)(const Node& part, MessageParts& parts);  ///< null: OpenCode's own bookkeeping
};
constexpr std::array<Kind, 12> k_kinds = {{
    {"text", add_text},
    {"reasoning", add_thinking},
    {"tool", add_tool},
    {"file", add_file},
    {"agent", add_agent},
    {"subtask", add_subtask},
    {"compaction", add_compaction},
    {"retry", add_retry},
    {"patch", nullptr},
    {"snapshot", nullptr},
    {"step-start", nullptr},
    {"step-finish", nullptr},
}};

/// What OpenCode calls a session until its first answer.
bool is_placeholder(std::string_view title) {
  return title.starts_with("New session - ") || title.starts_with("Child session - ");
}

}  // namespace

Session::Session(const Head& head, const Origin& origin, Writer writer)
    : session_(k_source, head.id, origin), title_(head.title), created_(head.created), writer_(writer) {
  session_.join(k_user, k_user);
  session_.join(k_source, k_source, "OpenCode");
  if (!head.directory.empty()) session_.started.cwd = head.directory;
  if (!head.parent_id.empty())
    session_.started.parent_conversation_id = safe_id(std::string(k_source) + ":" + head.parent_id);
}

void Session::answer(const Node& info, Draft& draft) const {
  auto& message = draft.message;
  message.model = info["modelID"].text();
  message.usage = usage_of(info["tokens"]);
  message.reported_cost = info["cost"].money();
  if (const auto parent = info["parentID"].text(); !parent.empty()) message.parent_message_id = parent;
  const auto completed = info["time"]["completed"].epoch_ms();
  if (completed && draft.at && *completed >= *draft.at)
    message.duration_ms = (*completed - *draft.at).count();
  const auto error = info["error"];
  draft.complete = completed.has_value() || error.is_object();
  draft.error_type = error["name"].text();
  draft.error = error["data"]["message"].text();
}

void Session::message(std::string_view id, const Node& info, Sink& sink) {
  const bool person = info["role"].view() == "user";
  if (!drafts_.empty() && drafts_.back().message.role == "user") drafts_.back().complete = true;
  if (!person) release(sink);  // one answer at a time: those before will not go on
  Draft draft;
  draft.message.id = id.empty() ? info["id"].text() : std::string(id);
  draft.message.agent_id = person ? k_user : k_source;
  draft.message.role = person ? "user" : "assistant";
  draft.at = info["time"]["created"].epoch_ms();
  if (!person) answer(info, draft);
  drafts_.push_back(std::move(draft));
}

void Session::part(const Node& part, Sink& sink) {
  if (drafts_.empty()) return;
  auto& draft = drafts_.back();
  const auto type = part["type"].view();
  const auto kind =
      std::find_if(k_kinds.begin(), k_kinds.end(), [&](const Kind& k) { return k.type == type; });
  const bool hidden = part["synthetic"].is_true() || part["ignored"].is_true();
  if (kind == k_kinds.end()) {
    sink.skipped(Skip::unknown, 0);
    if (draft.unknown.size() < k_max_unknown) draft.unknown.emplace_back(type, part.json());
  } else if (kind->add == nullptr || hidden) {
    sink.skipped(Skip::internal, 0);
  } else {
    kind->add(part, draft.message.parts);
  }
}

void Session::printed(std::optional<base::Timestamp> at, const Node& part, Sink& sink) {
  const auto id = part["messageID"].text();
  if (id.empty()) return sink.skipped(Skip::unknown, 0);
  if (drafts_.empty() || drafts_.back().message.id != id) {
    release(sink);
    Draft draft;
    draft.message.id = id;
    draft.message.agent_id = k_source;
    draft.message.role = "assistant";
    draft.at = at;
    drafts_.push_back(std::move(draft));
  }
  auto& draft = drafts_.back();
  draft.complete = part["type"].view() == "step-finish";
  if (!draft.complete) return this->part(part, sink);
  auto used = draft.message.usage.value_or(Usage{});
  draft.message.usage = used += usage_of(part["tokens"]);
  if (const auto cost = part["cost"].money())
    draft.message.reported_cost = draft.message.reported_cost.value_or(0) + *cost;
}

void Session::failed(std::optional<base::Timestamp> at, const Node& error, Sink& sink) {
  release(sink);
  const auto name = error["name"].view();
  const auto text = error["data"]["message"].view();
  session_.error(at, name, text.empty() ? name : text, sink);
}

void Session::drop_unfinished(Sink& sink) {
  std::erase_if(drafts_, [&](const Draft& draft) {
    if (!draft.complete) sink.skipped(Skip::unfinished, 0);
    return !draft.complete;
  });
}

void Session::release(Sink& sink) {
  for (auto& draft : drafts_) tell(std::move(draft), sink);
  drafts_.clear();
}

void Session::tell(Draft draft, Sink& sink) {
  const bool aborted = draft.error_type == k_aborted;
  if (aborted) draft.message.parts.notice("aborted", "*stopped by the user*");
  if (draft.message.role == k_user) session_.asked(draft.message.parts.content());
  const bool counts = draft.message.usage && draft.message.usage->total() > 0;
  session_.begin(created_ ? created_ : draft.at, sink);
  if (!draft.message.parts.empty() || counts) session_.message(draft.at, std::move(draft.message), sink);
  for (const auto& [type, json] : draft.unknown) session_.unknown(draft.at, type, json, sink);
  if (!aborted && !draft.error_type.empty())
    session_.error(draft.at, draft.error_type, draft.error.empty() ? draft.error_type : draft.error, sink);
}

bool Session::finish(std::optional<base::Timestamp> last, Sink& sink) {
  if (writer_ == Writer::gone) {
    release(sink);
  } else {
    const auto held =
        std::find_if(drafts_.begin(), drafts_.end(), [](const Draft& d) { return !d.complete; });
    for (auto draft = drafts_.begin(); draft != held; ++draft) tell(std::move(*draft), sink);
    drafts_.erase(drafts_.begin(), held);
  }
  if (!drafts_.empty()) sink.skipped(Skip::unfinished, 0);
  if (session_.begun() && !is_placeholder(title_)) session_.title(created_, title_, 1, sink);
  if (writer_ == Writer::gone) session_.complete(last, {}, sink);
  sink.whole(session_.id());
  return drafts_.empty();
}

}  // namespace agentpipe::formats::opencode
