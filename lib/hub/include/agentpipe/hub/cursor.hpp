#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agentpipe/model/logged.hpp"

namespace agentpipe::hub {

/// A place in one database's log, as clients carry it: "<epoch>-<number>". Numbers of two epochs cannot be
/// compared.
struct Cursor {
  std::string epoch;
  model::LogNumber number = 0;

  /// Nothing for whatever format_cursor does not write: at most 64 characters of `[A-Za-z0-9._-]` for the
  /// epoch, a number without sign and leading zeros up to 2^53-1.
  static std::optional<Cursor> parse(std::string_view text);
  bool operator==(const Cursor&) const = default;
};

std::string format_cursor(std::string_view epoch, model::LogNumber number);

}  // namespace agentpipe::hub
