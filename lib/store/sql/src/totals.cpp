#include "totals.hpp"

#include "agentpipe/base/saturate.hpp"

namespace agentpipe::store::sql {

std::int64_t tokens_of(const model::MessageCreated& m) {
  if (m.tokens_used) return *m.tokens_used;
  std::int64_t sum = m.input_tokens.value_or(0);
  for (const auto& part : {m.output_tokens, m.cache_read_tokens, m.cache_write_tokens})
    base::add_saturated(sum, part.value_or(0));
  return sum;
}

void count(model::Totals& totals, const model::MessageCreated& m, Sign sign) {
  const auto factor = static_cast<std::int64_t>(sign);
  const auto add = [&](std::int64_t& sum, std::int64_t value) { base::add_saturated(sum, factor * value); };
  add(totals.messages, 1);
  add(totals.tokens, tokens_of(m));
  add(totals.input_tokens, m.input_tokens.value_or(0));
  add(totals.output_tokens, m.output_tokens.value_or(0));
  add(totals.cache_read_tokens, m.cache_read_tokens.value_or(0));
  add(totals.cache_write_tokens, m.cache_write_tokens.value_or(0));
  add(totals.reasoning_tokens, m.reasoning_tokens.value_or(0));
  if (m.cost) totals.cost = totals.cost.value_or(0) + static_cast<double>(factor) * *m.cost;
  add(totals.duration_ms, m.duration_ms.value_or(0));
}

}  // namespace agentpipe::store::sql
