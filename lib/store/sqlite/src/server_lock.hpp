#pragma once

#include <filesystem>

#include "agentpipe/base/files.hpp"
#include "agentpipe/base/result.hpp"

namespace agentpipe::store::sqlite {

/// Held by the one server of a database, or by a tool that replaces the file: log numbers and caches live in
/// the server's memory. `configuration` ("database_in_use") while another process has it.
base::Result<base::FileDescriptor> take_lock(const std::filesystem::path& path);

}  // namespace agentpipe::store::sqlite
