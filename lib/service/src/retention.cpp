#include "agentpipe/service/retention.hpp"

#include <algorithm>
#include <future>
#include <utility>

namespace agentpipe::service {

namespace {

// One transaction holds up events for about so many milliseconds.
constexpr std::int64_t k_at_once = 20;
// The two clocks differ by this much in an hour at most, unless one of them was set.
constexpr base::Milliseconds k_drift{60'000};

model::Event deletion(const std::string& id, base::Timestamp now) {
  return {now, model::ConversationDeleted{id, {R"({"reason":"retention"})"}}};
}

}  // namespace

Retention::Retention(store::Store& store, const base::Clock& clock, Retain retain,
                     std::function<base::Result<std::uint64_t>()> used_bytes)
    : store_(store),
      clock_(clock),
      retain_(retain),
      used_bytes_(std::move(used_bytes)),
      seen_(clock.now()),
      seen_at_(clock.ticks()) {}

base::Result<std::size_t> Retention::tidy() {
  auto old = retain_.age.count() > 0 ? delete_old() : std::size_t{0};
  if (!old || retain_.bytes == 0) return old;
  auto more = delete_too_much();
  if (!more) return more;
  return *old + *more;
}

base::Timestamp Retention::plausible_now() {
  const auto passed = std::chrono::duration_cast<base::Milliseconds>(clock_.ticks() - seen_at_);
  const auto expected = seen_ + passed + k_drift;
  seen_ = clock_.now();
  seen_at_ = clock_.ticks();
  return std::min(seen_, expected);
}

base::Result<std::size_t> Retention::delete_old() {
  const auto before = plausible_now() - retain_.age;
  for (std::size_t count = 0;;) {
    const auto ids = quiet_since(before, k_at_once);
    if (!ids) return base::forward(ids);
    if (ids->empty()) return count;
    if (auto removed = remove(*ids); !removed) return base::forward(removed);
    count += ids->size();
  }
}

base::Result<std::size_t> Retention::delete_too_much() {
  for (std::size_t count = 0;;) {
    const auto used = used_bytes_();
    if (!used) return base::forward(used);
    if (*used <= retain_.bytes) return count;
    const auto ids = quiet_since(base::Timestamp::max(), k_at_once);
    if (!ids) return base::forward(ids);
    if (ids->empty()) return count;
    if (auto removed = remove(*ids); !removed) return base::forward(removed);
    count += ids->size();
  }
}

base::Result<std::vector<std::string>> Retention::quiet_since(base::Timestamp before, std::int64_t limit) {
  store::SessionQuery query;
  query.sort = store::SessionSort::updated;
  query.direction = store::Direction::ascending;
  query.limit = limit;
  const auto page = store_.sessions(query);
  if (!page) return base::forward(page);
  std::vector<std::string> ids;
  for (const auto& session : page->sessions)
    if (session.updated_at < before) ids.push_back(session.id);
  return ids;
}

base::Result<void> Retention::remove(const std::vector<std::string>& ids) {
  const auto now = clock_.now();
  store::Append append{{}, now};
  for (const auto& id : ids) append.events.push_back(deletion(id, now));
  std::promise<base::Result<store::Appended>> promise;
  store_.append(std::move(append),
                [&](base::Result<store::Appended> done) { promise.set_value(std::move(done)); });
  const auto done = promise.get_future().get();
  if (!done) return base::forward(done);
  return {};
}

}  // namespace agentpipe::service
