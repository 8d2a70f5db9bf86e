#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "agentpipe/base/time.hpp"
#include "agentpipe/cli/exit_code.hpp"
#include "agentpipe/cli/world.hpp"
#include "agentpipe/delivery/retry_policy.hpp"
#include "agentpipe/delivery/transport.hpp"
#include "agentpipe/formats/reader.hpp"
#include "prices.hpp"
#include "redaction.hpp"
#include "upload_inputs.hpp"
#include "upload_memory.hpp"
#include "upload_report.hpp"

namespace agentpipe::cli {

/// Which sessions go, and what is added to them.
struct SessionChoice {
  std::optional<base::Timestamp> since;     ///< start of the session, inclusive
  std::optional<base::Timestamp> until;     ///< exclusive
  const formats::Format* format = nullptr;  ///< forced; null: recognised
  std::vector<std::string> sources;         ///< names or families of formats; empty: all
  std::string project;                      ///< folder, or the last part of its path; empty: all
  std::string name;                         ///< title in place of the session's own
  std::string machine;                      ///< label for sessions that carry none
  RedactorPtr redactor;
  PricesPtr prices;
};

/// Makes the connection of one worker.
using Connect = std::function<std::unique_ptr<delivery::Transport>()>;

struct UploadPlan {
  std::vector<Input> inputs;
  SessionChoice choice;
  unsigned jobs = 1;  ///< files at a time, unless they are large
  enum class Output : unsigned char { text, json } output = Output::text;
  Connect connect;  ///< empty: --dry-run, nothing is sent
  std::string url;  ///< the server that connect() leads to
  SendPolicy policy;
  delivery::Random random;           ///< called from any worker, one at a time
  UploadMemory* memory = nullptr;    ///< takes note of what is uploaded; null: nobody does
  std::uint64_t known_sessions = 0;  ///< in files that are not among the inputs: they have not changed
};

/// Does a session from `format` belong to `source`, the name of a format or its family ("agentpipe")?
bool belongs_to(std::string_view format, std::string_view source);

/// Reads, sends and reports all inputs, in their order on the outputs whatever the order of the work. Each
/// worker holds one file at a time.
ExitCode run_upload(const UploadPlan& plan, World& world, const std::stop_token& stop);

}  // namespace agentpipe::cli
