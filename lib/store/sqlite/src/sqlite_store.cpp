#include "sqlite_store.hpp"

#include <future>
#include <utility>

#include "keys.hpp"
#include "shares.hpp"

namespace agentpipe::store::sqlite {

SqliteStore::SqliteStore(Opened opened, const SqliteOptions& options)
    : ReadingStore(std::move(opened.lock), std::move(opened.readers), std::move(opened.epoch)),
      condition_(options.clock, options.path, options.min_free_bytes),
      checkpointer_(std::move(opened.checkpoints)),
      writer_(std::move(opened.main), checkpointer_, condition_, opened.last, options),
      indexer_(writer_, options.clock, opened.indexed) {}

base::Result<std::size_t> SqliteStore::interrupt_silent(base::Timestamp heard_since, base::Timestamp now,
                                                        std::int64_t limit) {
  std::promise<base::Result<std::size_t>> promise;
  writer_.add(silence_job({heard_since, now, limit},
                          [&](base::Result<std::size_t> count) { promise.set_value(std::move(count)); }));
  return promise.get_future().get();
}

base::Result<void> SqliteStore::add_key(const Key& key) {
  return writer_.perform([&](Database& database) { return insert_key(database, key); });
}

base::Result<void> SqliteStore::revoke_key(const std::string& id_or_name, base::Timestamp at) {
  return writer_.perform([&](Database& database) { return mark_revoked(database, id_or_name, at); });
}

base::Result<void> SqliteStore::note_key_uses(const std::vector<KeyUse>& uses) {
  return writer_.perform([&](Database& database) { return write_uses(database, uses); });
}

base::Result<void> SqliteStore::add_share(const Share& share) {
  return writer_.perform([&](Database& database) { return insert_share(database, share); });
}

base::Result<void> SqliteStore::revoke_share(const std::string& id, base::Timestamp at) {
  return writer_.perform([&](Database& database) { return end_share(database, id, at); });
}

base::Result<void> SqliteStore::note_share_use(const std::string& id, base::Timestamp at) {
  return writer_.perform([&](Database& database) { return touch_share(database, id, at); });
}

}  // namespace agentpipe::store::sqlite
