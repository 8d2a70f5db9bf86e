#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace agentpipe::delivery {

/// The text under `key`; empty when `object` is none or has no text there.
inline std::string text_of(const nlohmann::json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace agentpipe::delivery
