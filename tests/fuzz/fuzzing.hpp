#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "agentpipe/base/time.hpp"

/// What the fuzzing programs share.
namespace agentpipe::fuzz {

inline constexpr base::Timestamp k_received{base::Milliseconds{1'767'600'000'000}};

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// A promise that must hold for every input.
inline void hold(bool kept, const char* promise, std::string_view about = {}) {
  if (kept) return;
  std::fprintf(stderr, "broken promise: %s\n%.*s\n", promise, static_cast<int>(about.substr(0, 2000).size()),
               about.data());
  std::abort();
}

}  // namespace agentpipe::fuzz
