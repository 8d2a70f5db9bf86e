#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "agentpipe/hub/topic.hpp"
#include "agentpipe/model/logged.hpp"

namespace agentpipe::hub {

/// Does the frame end in an `id:` that the client comes back with?
enum class Kind : unsigned char { stored, transient };

/// Does the client want an `event:` line?
enum class Naming : unsigned char { unnamed, named };

/// Bytes that many subscribers share, and from where on they are for this one.
struct Slice {
  std::shared_ptr<const std::string> bytes;
  std::size_t offset = 0;
  [[nodiscard]] std::string_view view() const { return std::string_view(*bytes).substr(offset); }
};

/// One event as a piece of an event stream:
/// `event: <type>\n` `id: <epoch>-<number>\ndata: {"type":…,"timestamp":…,"data":{…}}\n\n`.
/// Encoded when the first subscriber asks, then shared. Thread-safe.
class Frame {
 public:
  Frame(std::shared_ptr<const std::string> epoch, std::shared_ptr<const model::Logged> event, Kind kind);
  /// Something for every subscriber, whatever it filters; it is no event of the log. `type`: static text;
  /// `json`: the whole frame's, one line.
  Frame(model::LogNumber number, std::string_view type, std::string json);

  [[nodiscard]] bool for_everyone() const { return for_everyone_; }

  /// Of the event; of a transient one that of the last logged event before it.
  [[nodiscard]] model::LogNumber number() const { return number_; }
  [[nodiscard]] Kind kind() const { return kind_; }
  [[nodiscard]] const std::string& session_id() const { return session_id_; }
  [[nodiscard]] Topic topic() const { return topic_; }
  [[nodiscard]] std::string_view type() const { return type_; }
  /// About how many bytes the frame takes; known without encoding.
  [[nodiscard]] std::size_t weight() const { return weight_; }

  /// The unnamed form is the named one without its first line, so one encoding serves both.
  [[nodiscard]] Slice slice(Naming naming) const;

 private:
  void encode() const;

  model::LogNumber number_;
  Kind kind_;
  std::string session_id_;
  Topic topic_ = k_every_topic;
  std::string_view type_;
  std::size_t weight_;
  bool for_everyone_ = false;
  mutable std::once_flag once_;
  mutable std::shared_ptr<const std::string> epoch_;    // until encoded
  mutable std::shared_ptr<const model::Logged> event_;  // until encoded
  mutable std::string json_;                            // in place of an event
  mutable std::shared_ptr<const std::string> bytes_;    // afterwards
  mutable std::size_t name_line_ = 0;
};

}  // namespace agentpipe::hub
