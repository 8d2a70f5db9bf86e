#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "agentpipe/base/thread_annotations.hpp"

namespace agentpipe::formats {

/// Which conversation a record belongs to, over all files of one run. Tools copy the whole history into a new
/// file when a session is resumed or forked; the first conversation that shows a record keeps it, so older
/// files should be read first. Takes about 40 bytes a record. Thread-safe.
class Ledger {
 public:
  /// The conversation that has this record: `conversation` itself when nobody had it before.
  std::string claim(std::string_view record, const std::string& conversation);

 private:
  base::Mutex mutex_;
  std::unordered_map<std::uint64_t, std::uint32_t> owners_ GUARDED_BY(mutex_);
  std::unordered_map<std::string, std::uint32_t> numbers_ GUARDED_BY(mutex_);
  std::vector<std::string> names_ GUARDED_BY(mutex_);
};

}  // namespace agentpipe::formats
