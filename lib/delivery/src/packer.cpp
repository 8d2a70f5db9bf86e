#include "packer.hpp"

#include <zstd.h>

namespace agentpipe::delivery {

namespace {

// Full batches of our own text and code, us CPU an event to pack and to unpack (tests/bench/delivery_bench):
// zstd 1 4.0 to 1 in 3.6 + 0.9, zstd 3 4.3 in 5.6 + 0.9, zstd 6 4.7 in 15.8 + 1.1; gzip 1 3.6 in 10.7 + 3.6,
// gzip 6 4.4 in 32.0 + 3.1. What level 3 saves more is worth its time below 70 Mbit/s only, and the processor
// belongs to the agents.
constexpr int k_level = 1;
// A server takes what grows a hundredfold for a bomb, unless it stays small; a long run of one character does
// that.
constexpr std::size_t k_never_suspect = 1UL << 20U;
constexpr std::size_t k_most_growth = 50;

bool looks_like_a_bomb(std::size_t packed, std::size_t plain) {
  return plain > k_never_suspect && plain / k_most_growth > packed;
}

}  // namespace

void Packer::Free::operator()(ZSTD_CCtx_s* context) const {
  ZSTD_freeCCtx(context);
}

Packer::Packer() : context_(ZSTD_createCCtx()) {}

std::string_view Packer::zstd(std::string_view plain) {
  packed_.resize(ZSTD_compressBound(plain.size()));
  const std::size_t size =
      ZSTD_compressCCtx(context_.get(), packed_.data(), packed_.size(), plain.data(), plain.size(), k_level);
  if (ZSTD_isError(size) != 0 || looks_like_a_bomb(size, plain.size())) return {};
  return std::string_view(packed_).substr(0, size);
}

}  // namespace agentpipe::delivery
