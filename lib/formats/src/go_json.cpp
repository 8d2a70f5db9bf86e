#include "go_json.hpp"

#include <simdjson.h>

#include "agentpipe/model/limits.hpp"
#include "clean.hpp"
#include "times.hpp"

namespace agentpipe::formats {
namespace {

namespace dom = simdjson::dom;

/// A member of an object; every missing or wrong thing on the way reads as nothing.
class GoNode {
 public:
  explicit GoNode(simdjson::simdjson_result<dom::element> element) : element_(element) {}

  GoNode operator[](const char* key) const { return GoNode(element_[key]); }

  [[nodiscard]] std::string text() const {
    std::string_view found;
    return element_.get(found) == simdjson::SUCCESS ? cleaned(found) : std::string();
  }
  [[nodiscard]] model::OptionalDouble positive() const {
    double found = 0;
    if (element_.get(found) != simdjson::SUCCESS || !(found > 0)) return std::nullopt;
    return found;
  }
  [[nodiscard]] model::OptionalInt count() const {
    const auto number = positive();
    if (!number || *number < 1 || *number > static_cast<double>(model::k_max_integer)) return std::nullopt;
    return static_cast<std::int64_t>(*number);
  }
  [[nodiscard]] bool array(dom::array& found) const { return element_.get(found) == simdjson::SUCCESS; }
  [[nodiscard]] bool is_object() const {
    dom::object found;
    return element_.get(found) == simdjson::SUCCESS;
  }

 private:
  simdjson::simdjson_result<dom::element> element_;
};

model::OptionalInt milliseconds(model::OptionalInt nanoseconds) {
  if (!nanoseconds || *nanoseconds < 1'000'000) return std::nullopt;
  return *nanoseconds / 1'000'000;
}

/// Sums of prices below the limit of the protocol.
model::OptionalDouble money(model::OptionalDouble amount) {
  return amount && *amount <= model::k_max_cost ? amount : std::nullopt;
}

bool is_message(const GoNode& node) {
  return node.is_object() && (!node["Role"].text().empty() || !node["Content"].text().empty());
}

GoMessage read_message(const GoNode& node) {
  const GoNode metrics = node["Metrics"];
  return {.agent_id = node["AgentID"].text(),
          .agent_name = node["AgentName"].text(),
          .agent_type = node["AgentType"].text(),
          .content = node["Content"].text(),
          .role = node["Role"].text(),
          .at = time_of_seconds(node["Timestamp"].positive().value_or(0)),
          .duration_ms = milliseconds(metrics["Duration"].count()),
          .input_tokens = metrics["InputTokens"].count(),
          .output_tokens = metrics["OutputTokens"].count(),
          .total_tokens = metrics["TotalTokens"].count(),
          .cost = money(metrics["Cost"].positive()),
          .model = metrics["Model"].text()};
}

void read_messages(const dom::array& array, GoDocument& out) {
  std::uint64_t place = 0;
  for (const dom::element element : array) {
    const GoNode node{simdjson::simdjson_result<dom::element>(dom::element(element))};
    ++place;
    if (is_message(node)) {
      out.messages.push_back(read_message(node));
    } else {
      out.unreadable.push_back(place);
    }
  }
}

void read_config(const GoNode& config, GoDocument& out) {
  dom::array agents;
  if (config["Agents"].array(agents)) {
    for (const dom::element element : agents) {
      const GoNode agent{simdjson::simdjson_result<dom::element>(dom::element(element))};
      if (out.agents.size() == model::k_max_participants) break;
      out.agents.push_back({.id = agent["ID"].text(),
                            .type = agent["Type"].text(),
                            .name = agent["Name"].text(),
                            .prompt = agent["Prompt"].text(),
                            .announcement = agent["Announcement"].text(),
                            .model = agent["Model"].text()});
    }
  }
  const GoNode orchestrator = config["Orchestrator"];
  out.mode = orchestrator["Mode"].text();
  out.max_turns = orchestrator["MaxTurns"].count();
  out.initial_prompt = orchestrator["InitialPrompt"].text();
  out.summary_agent = orchestrator["Summary"]["Agent"].text();
}

GoDocument read_document(const GoNode& root, const dom::array& messages) {
  GoDocument out;
  read_messages(messages, out);
  read_config(root["config"], out);
  const GoNode metadata = root["metadata"];
  out.description = metadata["description"].text();
  out.short_text = metadata["short_text"].text();
  out.text = metadata["text"].text();
  out.total_duration_ms = metadata["total_duration_ms"].count();
  out.title = root["title"].text();
  const GoNode summary = root["summary"];
  out.total_messages = metadata["total_messages"].count();
  if (!out.total_messages) out.total_messages = summary["total_messages"].count();
  out.total_tokens = summary["total_tokens"].count();
  out.total_cost = money(summary["total_cost"].positive());
  return out;
}

}  // namespace

base::Result<GoDocument> parse_go_document(std::string_view json) {
  dom::parser parser;
  const auto parsed = parser.parse(json.data(), json.size());
  if (parsed.error() != simdjson::SUCCESS) {
    return base::failure(base::ErrorCode::invalid, simdjson::error_message(parsed.error()));
  }
  const GoNode root(parsed);
  dom::array messages;
  if (!root["messages"].array(messages)) {
    return base::failure_at("messages", base::ErrorCode::invalid, "there is no list \"messages\" in it");
  }
  return read_document(root, messages);
}

base::Result<GoMessage> parse_go_message(std::string_view json) {
  dom::parser parser;
  const auto parsed = parser.parse(json.data(), json.size());
  if (parsed.error() != simdjson::SUCCESS) {
    return base::failure(base::ErrorCode::invalid, "not a message: broken JSON",
                         simdjson::error_message(parsed.error()));
  }
  const GoNode root(parsed);
  if (!is_message(root))
    return base::failure(base::ErrorCode::invalid, "not a message: no Role and no Content");
  return read_message(root);
}

}  // namespace agentpipe::formats
