#pragma once

#include <cstddef>

namespace agentpipe::http {

/// Asks the processor to have these bytes in its cache soon; waits for nothing and may be given any address.
inline void prefetch(const void* bytes, std::size_t size) {
  constexpr std::size_t k_line = 64;
  for (std::size_t offset = 0; offset < size; offset += k_line)
    __builtin_prefetch(static_cast<const char*>(bytes) + offset);
}

}  // namespace agentpipe::http
