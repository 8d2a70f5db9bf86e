#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "agentpipe/base/result.hpp"

/// What an operator does to a database file. Errors name the file: `not_found` when there is none,
/// `configuration` for another program's file, a newer schema, or a server that has it open where none may;
/// `io` for the rest.
namespace agentpipe::store {

struct DatabaseReport {
  std::vector<std::string> findings;  ///< at most 100; none: the database is sound
  std::int64_t schema = 0;
  std::int64_t sessions = 0;
  std::int64_t messages = 0;
  std::uint64_t bytes = 0;
  std::uint64_t unused_bytes = 0;  ///< of them; `vacuum` gives them back
};

/// Reads every page, index and reference. Beside a running server too.
base::Result<DatabaseReport> check_sqlite(const std::filesystem::path& path);

/// What the database holds, without what deletions left unused.
base::Result<std::uint64_t> used_bytes_sqlite(const std::filesystem::path& path);

/// Writes the state of one moment to a new file of mode 0600, compact. Beside a running server too.
base::Result<void> backup_sqlite(const std::filesystem::path& path, const std::filesystem::path& to);

enum class Present : unsigned char { refuse, keep_aside };
/// Puts a backup, checked first, in the database's place. A database that is there is refused, or renamed to
/// the name that comes back (empty: there was none). Live streams of before start anew: the log is another
/// one.
base::Result<std::filesystem::path> restore_sqlite(const std::filesystem::path& backup,
                                                   const std::filesystem::path& path, Present present);

struct Vacuumed {
  std::uint64_t before = 0, after = 0;  ///< bytes of the file
};
/// Gives unused space back to the disk; no words of deleted conversations stay in the file. Needs as much
/// free space again, and no server.
base::Result<Vacuumed> vacuum_sqlite(const std::filesystem::path& path);

}  // namespace agentpipe::store
