#include "packer.hpp"

#include <zstd.h>

namespace agentpipe::delivery {

namespace {

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
