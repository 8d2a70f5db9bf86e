#include "agentpipe/hub/cursor.hpp"
#include "agentpipe/model/limits.hpp"
#include "fuzzing.hpp"

using namespace agentpipe;

/// The place at which a stream is to go on: what is taken is what this server writes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  const auto cursor = hub::Cursor::parse(text);
  if (!cursor) return 0;
  fuzz::hold(cursor->number >= 0 && cursor->number <= model::k_max_integer, "a number in range", text);
  fuzz::hold(hub::format_cursor(cursor->epoch, cursor->number) == text, "there is one way to write it", text);
  return 0;
}
