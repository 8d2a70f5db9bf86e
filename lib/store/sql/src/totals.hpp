#pragma once

#include <cstdint>

#include "agentpipe/model/event.hpp"
#include "agentpipe/model/records.hpp"

namespace agentpipe::store::sql {

enum class Sign : signed char { add = 1, take_away = -1 };

/// All the tokens that a message counts; hostile sums end at the top.
std::int64_t tokens_of(const model::MessageCreated& message);
/// A message's share of its session's totals comes, or goes again.
void count(model::Totals& totals, const model::MessageCreated& message, Sign sign);

}  // namespace agentpipe::store::sql
