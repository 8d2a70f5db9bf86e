#pragma once

#include "agentpipe/service/file_upload.hpp"
#include "agentpipe/service/traces.hpp"

namespace agentpipe::cli {

/// Reads uploaded files of every format that the command line takes.
service::ReadFile file_reader(const base::Clock& clock);

/// Reads what trace exporters send.
service::TraceReaders trace_readers(const base::Clock& clock);

}  // namespace agentpipe::cli
