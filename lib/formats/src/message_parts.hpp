#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "agentpipe/model/event.hpp"

namespace agentpipe::formats {

struct ToolCall {
  std::string_view id;
  std::string_view name;
  std::string_view input;
  /// `json`: valid, minified JSON out of a parser, carried as it is.
  enum class Input : unsigned char { json, text } form = Input::json;
  /// What the content says in place of name and input: a name, and in further lines more. Empty: those two.
  std::string_view shown = {};
};

struct ToolResult {
  std::string_view call_id;
  std::string_view name;  ///< of the tool; empty when not known
  std::string_view output;
  enum class Outcome : unsigned char { ok, failed } outcome = Outcome::ok;
};

/// Puts a message together: its parts as JSON and, beside them, its content as Markdown that stands alone.
/// Long texts are cut so that the event stays below model::k_max_event; a cut says how much is missing.
///
///   {"type":"text","text":…}            {"type":"thinking","text":…}
///   {"type":"tool_call","call_id":…,"name":…,"input":…}
///   {"type":"tool_result","call_id":…,"name":…,"is_error":…,"output":…}
///   {"type":"image","media_type":…,"bytes":…}   {"type":"notice","kind":…,"text":…}
class MessageParts {
 public:
  void text(std::string_view markdown);
  void thinking(std::string_view text);
  void tool_call(const ToolCall& call);
  void tool_result(const ToolResult& result);
  void image(std::string_view media_type, std::size_t bytes);
  /// Something that happened to the conversation rather than was said in it: "compacted", "error", …
  void notice(std::string_view kind, std::string_view text);
  /// The parts of `later` behind these.
  void append(MessageParts later);

  [[nodiscard]] bool empty() const { return parts_.empty() && content_.empty(); }
  [[nodiscard]] const std::string& content() const { return content_; }
  [[nodiscard]] std::size_t bytes() const { return parts_.size() + content_.size(); }

  /// Fills content and parts; a message of text alone has no parts.
  void move_into(model::MessageCreated& message);

 private:
  void add_content(std::string_view markdown);
  void simple_part(std::string_view type, std::string_view text);
  void call_part(const ToolCall& call);
  void result_part(const ToolResult& result);
  /// False: there is no room for one more.
  bool begin_part(std::string_view type);
  void end_part();
  void field(std::string_view key, std::string_view text);
  /// As much of `text` as there is room for.
  std::string fitted(std::string_view text) const;

  std::string parts_;  ///< the elements, separated by commas
  std::string content_;
  std::size_t content_cost_ = 0;  ///< bytes of content_ as JSON
  bool only_text_ = true;
};

/// `text` between fences that nothing in it can close.
std::string fenced(std::string_view text);

}  // namespace agentpipe::formats
