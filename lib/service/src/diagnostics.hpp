#pragma once

#include "agentpipe/service/diagnostics.hpp"

namespace agentpipe::service {

struct Diagnostics::Check {
  std::string_view id, name;
  enum class State : unsigned char { ok, warn, error } state = State::ok;
  std::string value;
  std::string_view hint;  ///< what to do; empty when all is well
};

/// Sessions in all, or of one status; nothing when the store cannot say.
std::optional<std::int64_t> count_sessions(store::Store& store, std::vector<model::Status> status);

}  // namespace agentpipe::service
