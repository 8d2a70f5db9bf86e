#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "agentpipe/base/result.hpp"

namespace agentpipe::formats {

/// A zip archive (zip64 too), read in place: an entry comes in pieces, its name is only a name, nothing is
/// unpacked anywhere. One thread.
class ZipFile {
 public:
  /// Error `invalid`: not a zip archive, or it breaks off.
  static base::Result<ZipFile> open(const std::filesystem::path& path);

  struct Entry {
    std::string name;  ///< as it stands there: may hold anything
    bool encrypted = false;
  };
  /// Goes through the entries until `visit` says enough. Within it, read() reads the entry.
  enum class Visit : unsigned char { next, enough };
  base::Result<void> each(const std::function<Visit(const Entry&)>& visit);

  /// The entry's bytes, piece by piece, until `take` says enough. Error `invalid`: packed in an unknown way,
  /// or damaged.
  base::Result<void> read(const std::function<Visit(std::string_view)>& take);

 private:
  struct Close {
    void operator()(void* archive) const;
  };
  explicit ZipFile(void* archive) : archive_(archive) {}

  std::unique_ptr<void, Close> archive_;
};

}  // namespace agentpipe::formats
