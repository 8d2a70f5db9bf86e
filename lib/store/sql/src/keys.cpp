#include "keys.hpp"

#include <algorithm>

namespace agentpipe::store::sql {

namespace {

#define AGENTPIPE_KEY_COLUMNS \
  "id,name,masked,can_ingest,can_read,can_admin,created_at,expires_at,revoked_at,last_used_at"

template <class AnyKey, class Visit>
void each_key_field(AnyKey& key, Visit&& visit) {
  visit(key.id);
  visit(key.name);
  visit(key.masked);
  visit(key.can_ingest);
  visit(key.can_read);
  visit(key.can_admin);
  visit(key.created_at);
  visit(key.expires_at);
  visit(key.revoked_at);
  visit(key.last_used_at);
}

}  // namespace

base::Result<void> insert_key(Database& database, const Key& key) {
  Statement& insert = database.statement("INSERT INTO keys(" AGENTPIPE_KEY_COLUMNS
                                         ",digest) VALUES(?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING");
  auto done = insert.bind_and_run(
      [&](Binder& bind) {
        each_key_field(key, bind);
        bind.bytes(base::bytes_of(key.digest));
      },
      [](Columns&) {});
  if (!done || insert.changes() != 0) return done;
  return base::failure(base::ErrorCode::conflict,
                       "There is a key with the id " + key.id + " or the same secret.");
}

base::Result<std::vector<Key>> read_keys(Database& database) {
  std::vector<Key> keys;
  auto done =
      database.statement("SELECT " AGENTPIPE_KEY_COLUMNS ",digest FROM keys ORDER BY created_at,id")
          .query([&](Columns& columns) {
            Key& key = keys.emplace_back();
            each_key_field(key, columns);
            const auto digest = columns.take<std::string>();
            std::copy_n(digest.begin(), std::min(digest.size(), key.digest.size()), key.digest.begin());
          });
  if (!done) return base::forward(done);
  return keys;
}

base::Result<void> mark_revoked(Database& database, const std::string& id_or_name, base::Timestamp at) {
  Statement& update =
      database.statement("UPDATE keys SET revoked_at=?1 WHERE (id=?2 OR name=?2) AND revoked_at IS NULL");
  auto done = update.run(at, id_or_name);
  if (!done || update.changes() != 0) return done;
  return base::failure(base::ErrorCode::not_found, "No live key has the id or name " + id_or_name + ".");
}

base::Result<void> write_uses(Database& database, const std::vector<KeyUse>& uses) {
  Statement& update = database.statement("UPDATE keys SET last_used_at=?1 WHERE id=?2");
  for (const auto& use : uses)
    if (auto done = update.run(use.at, use.id); !done) return done;
  return {};
}

}  // namespace agentpipe::store::sql
