#pragma once

#include <initializer_list>
#include <string_view>
#include <utility>

namespace agentpipe::base {

enum class LogLevel : unsigned char { debug, info, warn, error };

using LogFields = std::initializer_list<std::pair<std::string_view, std::string_view>>;
using LogSink = void (*)(LogLevel level, std::string_view message, LogFields fields);

/// Where every library's log lines go; nowhere until the program sets a sink. Set once, before threads start.
void set_log_sink(LogSink sink, LogLevel least);

/// One line for the operator. Never content, never a secret: ids, counts, sizes, durations, error details.
/// Thread-safe. Cheap when `level` is below the least level.
void log(LogLevel level, std::string_view message, LogFields fields = {});

}  // namespace agentpipe::base
