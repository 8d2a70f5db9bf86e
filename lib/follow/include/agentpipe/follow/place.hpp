#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "agentpipe/base/files.hpp"
#include "agentpipe/base/result.hpp"

namespace agentpipe::follow {

/// As much of a file's beginning tells it from others of the same name.
inline constexpr std::size_t k_head = 1024;

/// Which bytes a name stands for, as stat tells it.
struct Facts {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  std::int64_t modified_ns = 0;  ///< since 1970
  bool operator==(const Facts&) const = default;
};

/// How far a file has been dealt with.
struct Place {
  Facts facts;               ///< when it was looked at last
  std::uint64_t offset = 0;  ///< bytes that need not be read again: whole lines
  std::uint64_t lines = 0;   ///< in front of offset
  std::size_t head_size = 0;
  std::string head_hash;  ///< SHA-256 of the first head_size bytes, hexadecimal
  std::string format;     ///< its name; empty: not known yet
  std::string context;    ///< of the format's reader at offset
  bool operator==(const Place&) const = default;
};

/// What lstat says of a regular file. `not_found` when there is none, `invalid` when it is something else (a
/// symbolic link, a pipe, a device), `io` otherwise.
base::Result<Facts> facts_of(const std::string& path);

/// An open file and where to go on in it.
struct Resumption {
  base::FileDescriptor file;  ///< positioned at nothing in particular; read with pread
  Place place;                ///< facts as they are now
  /// From its beginning, because it is new, replaced, or shorter than what was read of it.
  bool from_start = false;
};

/// Opens a regular file, never through a link in the last component, and compares it with what is remembered.
/// The same inode that has not shrunk and still begins with the same bytes goes on where it was; so does a
/// copy in another inode with the same beginning (restored from a backup, moved to another disk) when it has
/// not shrunk. Errors as facts_of().
base::Result<Resumption> resume(const std::string& path, const std::optional<Place>& remembered);

/// Takes down the beginning once more of it is there than the place knows.
base::Result<void> note_head(const base::FileDescriptor& file, Place& place);

}  // namespace agentpipe::follow
