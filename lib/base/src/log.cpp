#include "agentpipe/base/log.hpp"

#include <atomic>

namespace agentpipe::base {

namespace {

std::atomic<LogSink> g_sink = nullptr;
std::atomic<LogLevel> g_least = LogLevel::info;

}  // namespace

void set_log_sink(LogSink sink, LogLevel least) {
  g_least = least;
  g_sink = sink;
}

void log(LogLevel level, std::string_view message, LogFields fields) {
  if (const LogSink sink = g_sink; sink != nullptr && level >= g_least.load()) sink(level, message, fields);
}

}  // namespace agentpipe::base
