#pragma once

#include <filesystem>
#include <span>

#include "agentpipe/base/result.hpp"
#include "connection.hpp"
#include "migration.hpp"

namespace agentpipe::store::sqlite {

using sql::Migration;

/// schema/sqlite in order.
std::span<const Migration> migrations();

enum class Contents : unsigned char { none, older, current };

/// Whose file is it, and how old? `configuration` when it is another program's or newer than `known`.
base::Result<Contents> identify(Database& database, const std::filesystem::path& path,
                                std::span<const Migration> known);
/// Brings it up to date, each step in a transaction of its own: a crash leaves the old or the new version. A
/// copy of what was there before is kept as "<path>.version-<n>".
base::Result<void> migrate(Database& database, const std::filesystem::path& path,
                           std::span<const Migration> known);

}  // namespace agentpipe::store::sqlite
