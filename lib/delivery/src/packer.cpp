#include "packer.hpp"

#include <zstd.h>

namespace agentpipe::delivery {

namespace {

constexpr int k_level = 1;

}  // namespace

void Packer::Free::operator()(ZSTD_CCtx_s* context) const {
  ZSTD_freeCCtx(context);
}

Packer::Packer() : context_(ZSTD_createCCtx()) {}

std::string_view Packer::zstd(std::string_view plain) {
  packed_.resize(ZSTD_compressBound(plain.size()));
  const std::size_t size =
      ZSTD_compressCCtx(context_.get(), packed_.data(), packed_.size(), plain.data(), plain.size(), k_level);
  if (ZSTD_isError(size) != 0) return {};
  return std::string_view(packed_).substr(0, size);
}

}  // namespace agentpipe::delivery
