#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "agentpipe/model/event.hpp"

namespace agentpipe::model {

/// Is shown every piece of an event that people, agents or tools wrote, and may change it.
class TextVisitor {
 public:
  virtual ~TextVisitor() = default;
  /// A text of the field `key`, as the wire calls it; longer than `limit` bytes it would be refused.
  virtual void text(std::string_view key, std::string& text, std::size_t limit) = 0;
  /// JSON that is carried along, never empty: an object or an array; `key` is "" for unknown fields.
  virtual void json(std::string_view key, Json& json) = 0;
};

/// Shows all texts of the event, those of its participants, its summary and of unknown fields too. Ids of
/// conversations and messages are no texts: nothing may change them.
void visit_texts(Event& event, TextVisitor& visitor);

}  // namespace agentpipe::model
