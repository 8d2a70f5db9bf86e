#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agentpipe/formats/reader.hpp"

namespace agentpipe::formats::codex {

/// Tells what of a rollout was copied from another one. One thread.
class Copies {
 public:
  using Time = std::optional<base::Timestamp>;

  /// A fork begins with its parent's history, if with any, all of it written in the second of the fork.
  void fork(Time at, std::string_view thread_id);
  /// A turn is a copy that is older than the fork, as their ids tell; where they do not, it is the
  /// conversation's that showed it first, of all files of this run.
  void turn(std::string_view turn_id, const std::string& conversation, const Origin& origin);
  /// Is a record of this time a copy?
  bool is_copy(Time at);

 private:
  Time forked_;
  Time copied_until_;
  bool turn_is_copy_ = false;
};

}  // namespace agentpipe::formats::codex
