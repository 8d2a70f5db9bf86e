#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "agent_session.hpp"
#include "json_line.hpp"

namespace agentpipe::formats::goose {

inline constexpr std::string_view k_source = "goose";

struct Head {
  std::string id;         ///< conversation's, as native_id() makes it
  std::string parent_id;  ///< of the session that asked this one; empty: none
  std::string title;
  std::string directory;
  std::string model;  ///< as it is set now; accounts know better
  std::optional<base::Timestamp> created;
};

/// Goose counts its sessions by the day, so that two machines have the same ids: theirs are told apart by
/// when they began. Older ids are times themselves.
std::string native_id(std::string_view id, std::string_view created);

/// What one request used. Goose keeps them beside the messages, with times in seconds.
struct Account {
  std::optional<base::Timestamp> at;
  std::string model;
  Usage usage;
  model::OptionalDouble cost;  ///< USD; nothing: Goose does not know
  enum class CostSource : unsigned char { provider, estimate } source = CostSource::estimate;
};

struct Said {
  std::string id;  ///< Goose's own; may be empty, or come again
  std::string_view role;
  std::optional<base::Timestamp> at;
};

/// One session of Goose from its messages. An account goes to the last answer that was there when it was
/// made.
class Session {
 public:
  /// `accounts`: in order; nothing: this version keeps none.
  Session(const Head& head, const Origin& origin, std::optional<std::vector<Account>> accounts);

  void message(const Said& said, const Node& content, Sink& sink);
  /// True when nothing was held back: with a writer, an answer waits for its account.
  bool finish(Writer writer, std::optional<base::Timestamp> last, model::ConversationCompleted totals,
              Sink& sink);

 private:
  struct Draft {
    AgentMessage message;
    std::optional<base::Timestamp> at;
    std::vector<std::pair<std::string, std::string>> unknown;  ///< type and JSON of content
  };
  void add(const Node& item, Draft& draft, Sink& sink);
  void add_response(const Node& item, MessageParts& parts) const;
  std::string unique(const std::string& id);
  void settle_accounts(std::optional<base::Timestamp> before);
  void charge(AgentMessage& message, const Account& account) const;
  void release(Sink& sink);
  void tell(Draft draft, Sink& sink);

  Origin origin_;
  AgentSession session_;
  std::string title_;
  std::string model_;
  std::optional<base::Timestamp> created_;
  std::optional<std::vector<Account>> accounts_;
  std::size_t settled_ = 0;                                ///< accounts that have found their answer
  bool charged_ = false;                                   ///< has the newest answer an account?
  std::vector<Draft> drafts_;                              ///< the newest answer and what came after it
  std::map<std::string, std::string, std::less<>> tools_;  ///< call → name
  std::unordered_map<std::string, std::uint32_t> ids_;
};

}  // namespace agentpipe::formats::goose
