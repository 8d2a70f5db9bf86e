#include "web_housekeeping.hpp"

#include <algorithm>
#include <utility>

#include "agentpipe/base/log.hpp"

namespace agentpipe::cli {

namespace {

struct Due {
  Chore chore;
  base::Ticks at;
};

void perform(const Chore& chore) {
  const auto done = chore.run();
  if (!done) base::log(base::LogLevel::warn, chore.what, {{"reason", done.error().detail}});
}

void keep_house(base::Clock& clock, std::vector<Due> list, const std::stop_token& stop) {
  while (!list.empty()) {
    const auto next = std::ranges::min_element(list, {}, &Due::at);
    const auto wait = std::chrono::ceil<base::Milliseconds>(next->at - clock.ticks());
    if (wait.count() > 0 && !clock.sleep(wait, stop)) return;
    if (stop.stop_requested()) return;
    perform(next->chore);
    next->at = clock.ticks() + next->chore.every;
  }
}

}  // namespace

Housekeeping::Housekeeping(base::Clock& clock, std::vector<Chore> chores) {
  std::vector<Due> list;
  for (auto& chore : chores) {
    const auto first = clock.ticks() + chore.every;
    list.push_back({std::move(chore), first});
  }
  thread_ = std::jthread([&clock, list = std::move(list)](const std::stop_token& stop) mutable {
    keep_house(clock, std::move(list), stop);
  });
}

}  // namespace agentpipe::cli
