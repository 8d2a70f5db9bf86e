#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agentpipe/base/result.hpp"

namespace agentpipe::delivery {

/// `Error::reason` when the disk (or the quota) has no room: it may have again.
inline constexpr std::string_view k_no_space = "no_space";

/// An open file. Errors are `io`, with reason k_no_space where it applies. Closed at the end of its life.
class File {
 public:
  virtual ~File() = default;

  /// One write at the end. After an error nobody knows how much of it is there.
  virtual base::Result<void> append(std::string_view bytes) = 0;
  virtual base::Result<void> write_at(std::uint64_t offset, std::string_view bytes) = 0;
  /// Fewer bytes than asked for only at the end of the file.
  virtual base::Result<std::size_t> read_at(std::uint64_t offset, char* room, std::size_t size) = 0;
  /// Returns when what was written is on the disk. After an error the file must not be synced again.
  virtual base::Result<void> sync() = 0;
  virtual base::Result<void> truncate(std::uint64_t size) = 0;
  [[nodiscard]] virtual base::Result<std::uint64_t> size() = 0;
  enum class Hold : unsigned char { alone, shared };
  /// Takes the whole file for this process, until it is closed: alone, or together with others that share it.
  /// False: somebody else has it, or it has lost its name.
  virtual bool lock(Hold hold) = 0;
};

struct FolderEntry {
  std::string name;
  enum class Kind : unsigned char { file, folder, other } kind = Kind::other;  ///< other: links, FIFOs …
  enum class Trust : unsigned char { ours, foreign } trust = Trust::ours;  ///< foreign: others may change it
  std::uint64_t bytes = 0;
};

/// The few things that the spool wants from a file system, so that a test can be one that loses power.
/// Thread-safe. Everything it makes is private to the user (0700, 0600); links are never followed, except in
/// the folders above the spool's own.
class FileSystem {
 public:
  enum class Open : unsigned char {
    read,    ///< must exist
    create,  ///< must not exist; for appending
    update,  ///< made when missing; for reading and writing
    modify,  ///< must exist; for reading and writing
  };

  virtual ~FileSystem() = default;

  /// Refuses (`io`) links, other kinds than plain files, and files that others own or may write.
  virtual base::Result<std::unique_ptr<File>> open(const std::filesystem::path& path, Open how) = 0;
  /// In the order of their names; empty for a folder that does not exist.
  virtual base::Result<std::vector<FolderEntry>> list(const std::filesystem::path& folder) = 0;
  /// Makes the folder and its missing parents, on the disk when it returns. Refuses one that is a link, or
  /// that others own or may write.
  virtual base::Result<void> make_folder(const std::filesystem::path& folder) = 0;
  virtual base::Result<void> remove(const std::filesystem::path& file) = 0;
  /// Only an empty one.
  virtual base::Result<void> remove_folder(const std::filesystem::path& folder) = 0;
  virtual base::Result<void> rename(const std::filesystem::path& from, const std::filesystem::path& to) = 0;
  /// Returns when creations, removals and renames in the folder are on the disk.
  virtual base::Result<void> sync_folder(const std::filesystem::path& folder) = 0;
  /// A file of `bytes` that really has its room on the disk.
  virtual base::Result<void> reserve(const std::filesystem::path& file, std::uint64_t bytes) = 0;
  /// Does the folder lie on a network file system? Locks and syncs may mean less there. False when unknown.
  [[nodiscard]] virtual bool is_remote(const std::filesystem::path& folder) = 0;
};

/// The operating system's.
std::unique_ptr<FileSystem> make_posix_file_system();

}  // namespace agentpipe::delivery
