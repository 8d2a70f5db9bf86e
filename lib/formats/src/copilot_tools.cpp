#include "copilot_tools.hpp"

#include <utility>

namespace agentpipe::formats::copilot {
namespace {

std::string text_of(const Node& result) {
  if (result.is_text()) return result.text();
  const auto shown = result.either("detailedContent", "content");
  return shown.is_text() ? shown.text() : result.json();
}

}  // namespace

void Tools::requested(const Entry& entry, Sink& sink) {
  auto message = chat_.answer(entry);
  chat_.add_call(entry.data, entry.data["toolName"], message);
  if (message.parts.empty()) return sink.skipped(Skip::internal, entry.number);
  chat_.send(entry, "call-" + entry.data["toolCallId"].text(), std::move(message), sink);
}

void Tools::started(const Entry& entry, Sink& sink) {
  chat_.use_model(entry.data["model"]);
  if (entry.at) running_.insert_or_assign(entry.data["toolCallId"].text(), *entry.at);
  requested(entry, sink);
}

void Tools::completed(const Entry& entry, Sink& sink) {
  const auto id = entry.data["toolCallId"].text();
  const auto success = entry.data["success"];
  const bool failed = !success.is_null() && !success.is_true();
  const auto error = entry.data["error"]["message"].text();
  auto message = chat_.answer(entry);
  message.role = "tool";
  message.model.clear();
  message.parts.tool_result({id,
                             {},
                             failed && !error.empty() ? error : text_of(entry.data["result"]),
                             failed ? ToolResult::Outcome::failed : ToolResult::Outcome::ok});
  const auto begun = running_.extract(id);
  if (!begun.empty() && entry.at && *entry.at >= begun.mapped())
    message.duration_ms = (*entry.at - begun.mapped()) / base::Milliseconds(1);
  chat_.send(entry, "result-" + id, std::move(message), sink);
  chat_.use_model(entry.data["model"]);
}

}  // namespace agentpipe::formats::copilot
