#include "agentpipe/service/retention.hpp"

#include <algorithm>
#include <future>
#include <utility>

#include "agentpipe/base/log.hpp"

namespace agentpipe::service {

namespace {

// One transaction holds up events for about so many milliseconds.
constexpr std::int64_t k_at_once = 20;
// The two clocks differ by this much in an hour at most, unless one of them was set.
constexpr base::Milliseconds k_drift{60'000};

using model::Status;

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
    auto sessions = quietest({}, k_at_once);
    if (!sessions) return base::forward(sessions);
    std::erase_if(*sessions, [&](const model::Session& session) { return session.updated_at >= before; });
    if (sessions->empty()) return count;
    if (auto removed = remove(*sessions); !removed) return base::forward(removed);
    count += sessions->size();
  }
}

// What a session leaves in the search index goes later, so the size alone would not tell when enough is
// deleted: at most the share of all messages goes that is too much of the size.
base::Result<std::size_t> Retention::delete_too_much() {
  const auto before = used_bytes_();
  if (!before) return base::forward(before);
  if (*before <= retain_.bytes) return std::size_t{0};
  const auto all = store_.summary({}, {});
  if (!all) return base::forward(all);
  const double share = static_cast<double>(*before - retain_.bytes) / static_cast<double>(*before);
  const double most = share * static_cast<double>(all->messages + all->sessions);
  double gone = 0;  // a session counts as a message more
  auto used = before;
  std::size_t count = 0;
  for (; *used > retain_.bytes && gone < most; ++count) {
    const auto sessions = quietest({Status::completed, Status::interrupted, Status::error}, 1);
    if (!sessions) return base::forward(sessions);
    if (sessions->empty()) break;
    if (auto removed = remove(*sessions); !removed) return base::forward(removed);
    gone += static_cast<double>(sessions->front().totals.messages + 1);
    used = used_bytes_();
    if (!used) return base::forward(used);
  }
  if (*used >= *before) {
    base::log(base::LogLevel::warn, "the database is larger than retain_size, and deleting frees nothing",
              {{"bytes", std::to_string(*used)}, {"sessions deleted", std::to_string(count)}});
  }
  return count;
}

base::Result<std::vector<model::Session>> Retention::quietest(std::vector<model::Status> status,
                                                              std::int64_t limit) {
  store::SessionQuery query;
  query.status = std::move(status);
  query.sort = store::SessionSort::updated;
  query.direction = store::Direction::ascending;
  query.limit = limit;
  auto page = store_.sessions(query);
  if (!page) return base::forward(page);
  return std::move(page->sessions);
}

base::Result<void> Retention::remove(const std::vector<model::Session>& sessions) {
  const auto now = clock_.now();
  store::Append append{{}, now};
  for (const auto& session : sessions) append.events.push_back(deletion(session.id, now));
  std::promise<base::Result<store::Appended>> promise;
  store_.append(std::move(append),
                [&](base::Result<store::Appended> done) { promise.set_value(std::move(done)); });
  const auto done = promise.get_future().get();
  if (!done) return base::forward(done);
  return {};
}

}  // namespace agentpipe::service
