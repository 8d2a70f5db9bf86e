#pragma once

#include <functional>
#include <string_view>
#include <thread>
#include <vector>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/base/result.hpp"

namespace agentpipe::cli {

/// Something that a running server does again and again. A failure is logged and changes nothing.
struct Chore {
  std::string_view what;  ///< for the log: "keys not refreshed"
  base::Milliseconds every{};
  std::function<base::Result<void>()> run;
};

/// Does chores on a thread of its own, one after the other, each for the first time when its interval has
/// passed. From its construction to its end.
class Housekeeping {
 public:
  Housekeeping(base::Clock& clock, std::vector<Chore> chores);

 private:
  std::jthread thread_;
};

}  // namespace agentpipe::cli
