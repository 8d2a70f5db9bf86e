#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "agentpipe/formats/reader.hpp"
#include "agentpipe/formats/usage.hpp"
#include "agentpipe/model/event.hpp"
#include "message_parts.hpp"

namespace agentpipe::formats {

/// One message of a coding agent, as its reader understands it.
struct AgentMessage {
  std::string id;  ///< the tool's own; empty: made of who says what, and how often that was said before
  std::string agent_id;
  std::string role;  ///< "user", "assistant", "tool", "system"
  MessageParts parts;
  std::string model;
  std::optional<Usage> usage;
  model::OptionalDouble reported_cost;  ///< USD, as the tool says
  /// Requests are priced one by one; a message that stands for several brings the sum along.
  enum class Estimate : unsigned char { from_usage, given } estimate = Estimate::from_usage;
  model::OptionalDouble estimated_cost;
  model::OptionalInt duration_ms;
  model::OptionalText parent_message_id;
  model::Json metadata;
};

/// The person, in every session.
inline constexpr std::string_view k_user = "user";

/// Unknown records kept of one conversation; more are counted only.
inline constexpr std::uint64_t k_max_unknown = 100;

/// One conversation of a coding agent on its way from records to events: it is begun before its first
/// message, messages get ids, names and prices, a title that comes late becomes an update. What a record says
/// twice comes out once. One thread.
class AgentSession {
 public:
  /// `source`: name of the agent, and of the format in `source_format`. The conversation is
  /// "<source>:<native id>", in files and on standard output alike.
  AgentSession(std::string_view source, std::string_view native_id, const Origin& origin);

  model::ConversationStarted started;  ///< for the reader to fill in until begin()

  [[nodiscard]] const std::string& id() const { return started.conversation_id; }
  [[nodiscard]] bool begun() const { return begun_; }

  /// An agent of that id joins, or its name and model become known. After begin() only for messages to come.
  void join(std::string_view agent_id, std::string_view type, model::OptionalText name = {});
  /// Hands over `started`; only the first call does.
  void begin(std::optional<base::Timestamp> at, Sink& sink);
  /// An id made of what was said or done and how often that came before, for tools that tell none; who reads
  /// the same session elsewhere comes to the same ids.
  std::string name_for(std::string_view what);
  /// What is told here is a part of the conversation, beside others that may say the same again: ids made
  /// here are this part's.
  void set_part(std::string_view part) { part_ = part; }
  /// What the person asks first is the session's prompt, and its name until it gets one.
  void asked(std::string_view prompt);
  /// A message of the person. False: there is nothing to show in it, or it is out already.
  bool prompt(std::optional<base::Timestamp> at, std::string id, std::string_view text, Sink& sink);
  /// False: a message of that id is out already and this one was dropped.
  bool message(std::optional<base::Timestamp> at, AgentMessage message, Sink& sink);
  [[nodiscard]] bool has_told(const std::string& message_id) const;
  void note(std::optional<base::Timestamp> at, std::string_view level, std::string_view text, Sink& sink);
  /// A record of a type that we do not know: kept as a note with the record, JSON, in its metadata. Only
  /// when there is room for it.
  void unknown(std::optional<base::Timestamp> at, std::string_view type, std::string_view json, Sink& sink);
  [[nodiscard]] bool keeps_unknown() const { return begun_ && unknown_ < k_max_unknown; }
  void error(std::optional<base::Timestamp> at, std::string_view type, std::string_view text, Sink& sink);
  /// A title of at least the rank of the one before replaces it.
  void title(std::optional<base::Timestamp> at, std::string_view name, int rank, Sink& sink);
  void branch(std::optional<base::Timestamp> at, std::string_view name, Sink& sink);
  /// `completed` with its conversation id filled in; nothing when the conversation was never begun.
  void complete(std::optional<base::Timestamp> at, model::ConversationCompleted completed, Sink& sink);

 private:
  base::Timestamp time_of(std::optional<base::Timestamp> at);
  std::string derived_id(const AgentMessage& message, std::string_view content);
  [[nodiscard]] model::OptionalDouble estimate(const AgentMessage& message) const;
  void price(model::MessageCreated& out, const AgentMessage& message) const;

  Origin origin_;
  std::string part_;
  bool begun_ = false;
  base::Timestamp last_;
  int title_rank_ = 0;
  std::uint64_t unknown_ = 0;
  std::unordered_map<std::uint64_t, std::uint32_t> said_;  ///< how often, for derived ids
  std::unordered_set<std::uint64_t> out_;                  ///< ids of messages
};

/// A session's title when it has none of its own: the front of the first line.
std::string title_from(std::string_view prompt);

}  // namespace agentpipe::formats
