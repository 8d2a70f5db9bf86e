#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "agentpipe/base/time.hpp"
#include "agentpipe/delivery/disk_spool.hpp"
#include "agentpipe/delivery/salvage.hpp"
#include "agentpipe/follow/folder_watch.hpp"
#include "agentpipe/follow/path_pattern.hpp"
#include "agentpipe/follow/places.hpp"
#include "agentpipe/formats/reader.hpp"
#include "prices.hpp"
#include "stream_io.hpp"
#include "stream_sink.hpp"

namespace agentpipe::cli {

/// What --follow adds to a stream.
struct FollowPlan {
  std::vector<follow::PathPattern> roots;
  base::Timestamp begin;  ///< files that are not known and were changed before that are not read
  follow::Places places;
  std::unique_ptr<follow::FolderWatch> watch;
};

/// What a stream does with its inputs, wherever the settings came from.
struct StreamPlan {
  std::vector<StreamInput> inputs;
  std::optional<FollowPlan> follow;         ///< in place of inputs
  const formats::Format* format = nullptr;  ///< null: find out
  Stamp stamp;
  RedactorPtr redactor;
  PricesPtr prices;
  std::filesystem::path scratch;  ///< formats::Origin::scratch
  decltype(formats::Origin::session_files) session_files;
  int tee_fd = -1;  ///< -1: no tee
  base::Milliseconds drain_timeout{5000};
  delivery::Fsync fsync = delivery::Fsync::interval;
  /// For what earlier runs left; null: that stays where it is.
  delivery::Salvage::Connect connect = nullptr;
  /// With a live input: longest wait for room in a full spool. The producer must not be held up for longer.
  base::Milliseconds patience{5000};
};

}  // namespace agentpipe::cli
