#pragma once

#include <array>
#include <string>
#include <vector>

#include "database.hpp"

namespace agentpipe::store::sql {

/// What sessions are filtered by: the kinds of the table `tags`.
enum class Tag : unsigned char { all, status, source, mode, agent_type, model, machine };

/// The values that one kind is filtered by.
struct Wanted {
  Tag kind;
  std::vector<std::string> values;
};

/// May a session carry several values of that kind?
constexpr bool is_plural(Tag kind) {
  return kind == Tag::agent_type || kind == Tag::model;
}

/// How many sessions carry each of those values, summed.
base::Result<std::int64_t> count_tagged(Database& database, Tag kind, const std::vector<std::string>& values);

}  // namespace agentpipe::store::sql
