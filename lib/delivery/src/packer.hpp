#pragma once

#include <memory>
#include <string>
#include <string_view>

struct ZSTD_CCtx_s;

namespace agentpipe::delivery {

/// Packs bodies with zstd, level 1. One thread.
class Packer {
 public:
  Packer();
  /// Valid until the next call; empty when it has to go as it is: it cannot be packed, or so well that a
  /// server would not take it.
  std::string_view zstd(std::string_view plain);

 private:
  struct Free {
    void operator()(ZSTD_CCtx_s* context) const;
  };
  std::unique_ptr<ZSTD_CCtx_s, Free> context_;
  std::string packed_;
};

}  // namespace agentpipe::delivery
