#include "serving_store.hpp"

#include <future>
#include <utility>

#include "keys.hpp"
#include "shares.hpp"

namespace agentpipe::store::sql {

ServingStore::ServingStore(Opened opened, std::unique_ptr<Upkeep> upkeep, const QueueLimits& limits,
                           Space space, base::Clock& clock)
    : ReadingStore(std::move(opened.lock), std::move(opened.readers), std::move(opened.epoch)),
      condition_(clock, std::move(space)),
      upkeep_(std::move(upkeep)),
      writer_(std::move(opened.main), *upkeep_, condition_, opened.last, limits, clock) {}

base::Result<std::size_t> ServingStore::interrupt_silent(base::Timestamp heard_since, base::Timestamp now,
                                                         std::int64_t limit) {
  std::promise<base::Result<std::size_t>> promise;
  writer_.add(silence_job({heard_since, now, limit},
                          [&](base::Result<std::size_t> count) { promise.set_value(std::move(count)); }));
  return promise.get_future().get();
}

base::Result<void> ServingStore::add_key(const Key& key) {
  return writer_.perform([&](Database& database) { return insert_key(database, key); });
}

base::Result<void> ServingStore::revoke_key(const std::string& id_or_name, base::Timestamp at) {
  return writer_.perform([&](Database& database) { return mark_revoked(database, id_or_name, at); });
}

base::Result<void> ServingStore::note_key_uses(const std::vector<KeyUse>& uses) {
  return writer_.perform([&](Database& database) { return write_uses(database, uses); });
}

base::Result<void> ServingStore::add_share(const Share& share) {
  return writer_.perform([&](Database& database) { return insert_share(database, share); });
}

base::Result<void> ServingStore::revoke_share(const std::string& id, base::Timestamp at) {
  return writer_.perform([&](Database& database) { return end_share(database, id, at); });
}

base::Result<void> ServingStore::note_share_use(const std::string& id, base::Timestamp at) {
  return writer_.perform([&](Database& database) { return touch_share(database, id, at); });
}

}  // namespace agentpipe::store::sql
