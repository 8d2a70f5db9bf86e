#include "visiting_store.hpp"

#include <utility>

#include "keys.hpp"
#include "shares.hpp"

namespace agentpipe::store::sql {

namespace {

auto server_only() {
  return base::failure(base::ErrorCode::unavailable, "Events are stored through the server only.");
}

}  // namespace

VisitingStore::VisitingStore(Database main, std::vector<Database> readers, std::string epoch)
    : ReadingStore({}, std::move(readers), std::move(epoch)), main_(std::move(main)) {}

void VisitingStore::append(Append, AppendDone done) {
  done(server_only());
}

void VisitingStore::append_batch(Batch, BatchDone done) {
  done(server_only());
}

base::Result<std::size_t> VisitingStore::interrupt_silent(base::Timestamp, base::Timestamp, std::int64_t) {
  return server_only();
}

LogNumber VisitingStore::last_number() {
  return readers().read([](Database& reader) { return last_number_seen(reader); }).value_or(0);
}

base::Result<void> VisitingStore::add_key(const Key& key) {
  const base::MutexLock lock(mutex_);
  return insert_key(main_, key);
}

base::Result<void> VisitingStore::revoke_key(const std::string& id_or_name, base::Timestamp at) {
  const base::MutexLock lock(mutex_);
  return mark_revoked(main_, id_or_name, at);
}

base::Result<void> VisitingStore::note_key_uses(const std::vector<KeyUse>& uses) {
  const base::MutexLock lock(mutex_);
  return write_uses(main_, uses);
}

base::Result<void> VisitingStore::add_share(const Share& share) {
  const base::MutexLock lock(mutex_);
  return insert_share(main_, share);
}

base::Result<void> VisitingStore::revoke_share(const std::string& id, base::Timestamp at) {
  const base::MutexLock lock(mutex_);
  return end_share(main_, id, at);
}

base::Result<void> VisitingStore::note_share_use(const std::string& id, base::Timestamp at) {
  const base::MutexLock lock(mutex_);
  return touch_share(main_, id, at);
}

}  // namespace agentpipe::store::sql
