#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agentpipe/model/event.hpp"

namespace agentpipe::hub {

/// Which events a subscriber wants. Replay and live use the same one.
struct Filter {
  std::string session_id;          ///< empty: every session, and events of none
  std::vector<std::string> types;  ///< empty: every type

  [[nodiscard]] bool matches(const model::Event& event) const {
    return matches(model::conversation_id(event), model::type_name(event));
  }
  [[nodiscard]] bool matches(std::string_view session, std::string_view type) const;
};

}  // namespace agentpipe::hub
