#include "shares.hpp"

#include <algorithm>

namespace agentpipe::store::sql {

namespace {

#define AGENTPIPE_SHARE_COLUMNS \
  "id,session_id,until,snapshot,created_at,expires_at,revoked_at,last_used_at,frozen,digest"

template <class AnyShare, class Visit>
void each_share_field(AnyShare& share, Visit&& visit) {
  visit(share.id);
  visit(share.session_id);
  visit(share.until);
  visit(share.snapshot);
  visit(share.created_at);
  visit(share.expires_at);
  visit(share.revoked_at);
  visit(share.last_used_at);
}

}  // namespace

base::Result<void> insert_share(Database& database, const Share& share) {
  return database.statement("INSERT INTO shares(" AGENTPIPE_SHARE_COLUMNS ") VALUES(?,?,?,?,?,?,?,?,?,?)")
      .bind_and_run(
          [&](Binder& bind) {
            each_share_field(share, bind);
            bind(share.mode == Share::Mode::frozen);
            bind.bytes(base::bytes_of(share.digest));
          },
          [](Columns&) {});
}

base::Result<std::vector<Share>> read_shares(Database& database, const std::string& session_id) {
  std::vector<Share> shares;
  const auto take = [&](Columns& columns) {
    Share& share = shares.emplace_back();
    each_share_field(share, columns);
    share.mode = columns.take<bool>() ? Share::Mode::frozen : Share::Mode::live;
    const auto digest = columns.take<std::string>();
    std::copy_n(digest.begin(), std::min(digest.size(), share.digest.size()), share.digest.begin());
  };
  auto done =
      session_id.empty()
          ? database.statement("SELECT " AGENTPIPE_SHARE_COLUMNS " FROM shares ORDER BY created_at DESC,id")
                .query(take)
          : database
                .statement("SELECT " AGENTPIPE_SHARE_COLUMNS
                           " FROM shares WHERE session_id=? ORDER BY created_at DESC,id")
                .query(take, session_id);
  if (!done) return base::forward(done);
  return shares;
}

base::Result<void> end_share(Database& database, const std::string& id, base::Timestamp at) {
  Statement& update =
      database.statement("UPDATE shares SET revoked_at=?1 WHERE id=?2 AND revoked_at IS NULL");
  auto done = update.run(at, id);
  if (!done || update.changes() != 0) return done;
  return base::failure(base::ErrorCode::not_found, "No live share has that id.");
}

base::Result<void> touch_share(Database& database, const std::string& id, base::Timestamp at) {
  return database.statement("UPDATE shares SET last_used_at=?1 WHERE id=?2").run(at, id);
}

}  // namespace agentpipe::store::sql
