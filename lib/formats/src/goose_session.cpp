#include "goose_session.hpp"

#include <algorithm>
#include <array>

#include "agentpipe/base/crypto.hpp"
#include "agentpipe/formats/prices.hpp"
#include "clean.hpp"

namespace agentpipe::formats::goose {
namespace {

/// Calls whose names are remembered for their results.
constexpr std::size_t k_max_tools = 10'000;

/// Goose wraps what may fail: {"status":"success","value":…} or {"status":"error","error":…}.
Node value_of(const Node& wrapped) {
  return wrapped["status"].is_null() ? wrapped : wrapped["value"];
}

void add_text(const Node& item, MessageParts& parts) {
  parts.text(item["text"].view());
}

void add_thinking(const Node& item, MessageParts& parts) {
  parts.thinking(item["thinking"].view());
}

void add_image(const Node& item, MessageParts& parts) {
  parts.image(item.either("mimeType", "mime_type").view(), item["data"].view().size() / 4 * 3);  // base64
}

void add_request(const Node& item, MessageParts& parts) {
  const auto call = value_of(item["toolCall"]);
  const auto input = call["arguments"].json();
  parts.tool_call({item["id"].view(), call["name"].view(), input});
  if (const auto error = item["toolCall"]["error"].view(); !error.empty())
    parts.tool_result({item["id"].view(), {}, error, ToolResult::Outcome::failed});
}

void add_notice(const Node& item, MessageParts& parts) {
  parts.notice(item["type"].view(), "*" + item["msg"].text() + "*");
}

struct Kind {
  std::string_view type;
  void (*add)(const Node& item, MessageParts& parts);  ///< null: nothing that was said
};
constexpr std::array<Kind, 12> k_kinds = {{
    {"text", add_text},
    {"thinking", add_thinking},
    {"image", add_image},
    {"toolRequest", add_request},
    {"frontendToolRequest", add_request},
    {"systemNotification", add_notice},
    {"conversationCompacted", add_notice},
    {"contextLengthExceeded", add_notice},
    {"summarizationRequested", add_notice},
    {"redactedThinking", nullptr},
    {"toolConfirmationRequest", nullptr},
    {"actionRequired", nullptr},
}};

bool is_response(const Node& item) {
  return item["type"].view() == "toolResponse";
}

/// A message of results alone is said by the tools.
bool only_responses(const Node& content) {
  bool any = false;
  bool others = false;
  content.each([&](const Node& item) { (is_response(item) ? any : others) = true; });
  return any && !others;
}

std::string text_in(const Node& content) {
  std::string text;
  content.each([&](const Node& part) {
    const auto piece = part["text"].view();
    if (!piece.empty()) text.append(text.empty() ? "" : "\n").append(piece);
  });
  return text;
}

}  // namespace

std::string native_id(std::string_view id, std::string_view created) {
  constexpr std::size_t k_digits = 8;
  constexpr std::size_t k_longest_number = 5;  // six digits are a time
  const auto underscore = id.find('_');
  const bool counted = underscore != std::string_view::npos && id.size() - underscore - 1 <= k_longest_number;
  std::string made(id);
  if (counted && !created.empty()) made += "-" + base::sha256_hex(std::string(created)).substr(0, k_digits);
  return made;
}

Session::Session(const Head& head, const Origin& origin, std::optional<std::vector<Account>> accounts)
    : origin_(origin),
      session_(k_source, head.id, origin),
      title_(head.title),
      model_(head.model),
      created_(head.created),
      accounts_(std::move(accounts)) {
  session_.join(k_user, k_user);
  session_.join(k_source, k_source, "Goose");
  if (!head.directory.empty()) session_.started.cwd = head.directory;
  if (!head.parent_id.empty())
    session_.started.parent_conversation_id = safe_id(std::string(k_source) + ":" + head.parent_id);
}

/// The same id again, for pieces of one message, gets a number.
std::string Session::unique(const std::string& id) {
  if (id.empty()) return {};
  const auto times = ++ids_[id];
  return times == 1 ? id : id + ":" + std::to_string(times);
}

void Session::message(const Said& said, const Node& content, Sink& sink) {
  const bool answer = said.role == "assistant";
  if (answer) {
    settle_accounts(said.at);
    release(sink);
    charged_ = false;
  }
  Draft draft;
  draft.at = said.at;
  draft.message.id = unique(said.id);
  draft.message.role = answer ? "assistant" : only_responses(content) ? "tool" : "user";
  draft.message.agent_id = draft.message.role == "user" ? k_user : k_source;
  if (answer) draft.message.model = model_;
  content.each([&](const Node& item) { add(item, draft, sink); });
  drafts_.push_back(std::move(draft));
}

void Session::add(const Node& item, Draft& draft, Sink& sink) {
  const auto type = item["type"].view();
  auto& parts = draft.message.parts;
  if (is_response(item)) return add_response(item, parts);
  const auto kind =
      std::find_if(k_kinds.begin(), k_kinds.end(), [&](const Kind& k) { return k.type == type; });
  if (kind == k_kinds.end()) {
    sink.skipped(Skip::unknown, 0);
    if (draft.unknown.size() < k_max_unknown) draft.unknown.emplace_back(type, item.json());
  } else if (kind->add == nullptr) {
    sink.skipped(Skip::internal, 0);
  } else {
    kind->add(item, parts);
    const auto name = value_of(item["toolCall"])["name"].text();
    if (!name.empty() && tools_.size() < k_max_tools) tools_.insert_or_assign(item["id"].text(), name);
  }
}

/// Older versions have the content itself where newer ones have {content, isError}.
void Session::add_response(const Node& item, MessageParts& parts) const {
  const auto result = item["toolResult"];
  const auto value = value_of(result);
  const auto id = item["id"].view();
  const auto tool = tools_.find(id);
  const std::string_view name = tool == tools_.end() ? std::string_view() : tool->second;
  const auto error = result["error"].text();
  const auto output = !error.empty() ? error : text_in(value.is_array() ? value : value["content"]);
  const bool failed = !error.empty() || value.either("isError", "is_error").is_true();
  using Outcome = ToolResult::Outcome;
  parts.tool_result({id, name, output, failed ? Outcome::failed : Outcome::ok});
}

/// What was accounted before the next answer belongs to the newest one so far; the first takes what is older.
void Session::settle_accounts(std::optional<base::Timestamp> before) {
  const auto answer = std::find_if(drafts_.begin(), drafts_.end(),
                                   [](const Draft& draft) { return draft.message.role == "assistant"; });
  if (!accounts_ || answer == drafts_.end()) return;
  for (; settled_ < accounts_->size(); ++settled_) {
    const auto& account = (*accounts_)[settled_];
    if (before && account.at && *account.at >= *before) return;
    charge(answer->message, account);
    charged_ = true;
  }
}

void Session::charge(AgentMessage& message, const Account& account) const {
  const auto& model = account.model.empty() ? message.model : account.model;
  const auto cost = account.cost ? account.cost : prices_of(origin_).cost(model, account.usage);
  const bool first = !message.usage;
  const auto before = message.reported_cost ? message.reported_cost : message.estimated_cost;
  model::OptionalDouble sum;
  if (cost && (first || before)) sum = *cost + before.value_or(0);
  const bool reported = account.cost && account.source == Account::CostSource::provider &&
                        (first || message.reported_cost.has_value());
  message.reported_cost = reported ? sum : std::nullopt;
  message.estimated_cost = reported ? std::nullopt : sum;
  message.estimate = AgentMessage::Estimate::given;
  message.model = model;
  if (first) message.usage.emplace();
  *message.usage += account.usage;
}

void Session::release(Sink& sink) {
  for (auto& draft : drafts_) tell(std::move(draft), sink);
  drafts_.clear();
}

void Session::tell(Draft draft, Sink& sink) {
  if (draft.message.role == k_user) session_.asked(draft.message.parts.content());
  session_.begin(created_ ? created_ : draft.at, sink);
  if (!draft.message.parts.empty() || draft.message.usage)
    session_.message(draft.at, std::move(draft.message), sink);
  for (const auto& [type, json] : draft.unknown) session_.unknown(draft.at, type, json, sink);
}

bool Session::finish(Writer writer, std::optional<base::Timestamp> last, model::ConversationCompleted totals,
                     Sink& sink) {
  settle_accounts({});
  const bool answered = !drafts_.empty() && drafts_.front().message.role == "assistant";
  const bool holds = writer == Writer::present && answered && accounts_ && !charged_;
  if (holds) {
    sink.skipped(Skip::unfinished, 0);
  } else {
    release(sink);
  }
  if (session_.begun()) session_.title(created_, title_, 1, sink);
  if (writer == Writer::gone) session_.complete(last, std::move(totals), sink);
  sink.whole(session_.id());
  return !holds;
}

}  // namespace agentpipe::formats::goose
