#include "idempotency.hpp"

#include <string>
#include <string_view>

namespace agentpipe::store::sql {

base::Result<void> claim(Database& database, const Idempotency& name, base::Timestamp now) {
  auto done = database.statement("DELETE FROM idempotency WHERE at<?").run(now - k_idempotency_life);
  if (!done) return done;
  const std::string_view key = base::bytes_of(name.key);
  const std::string_view body = base::bytes_of(name.body);
  Statement& insert =
      database.statement("INSERT INTO idempotency(key,body,at) VALUES(?,?,?) ON CONFLICT DO NOTHING");
  done = insert.bind_and_run(
      [&](Binder& bind) {
        bind.bytes(key);
        bind.bytes(body);
        bind(now);
      },
      [](Columns&) {});
  if (!done || insert.changes() != 0) return done;
  std::string known;
  done = database.statement("SELECT body FROM idempotency WHERE key=?")
             .bind_and_run([&](Binder& bind) { bind.bytes(key); }, [&](Columns& columns) { columns(known); });
  if (!done || known == body) return done;
  return base::failure_at("Idempotency-Key", base::ErrorCode::conflict,
                          "This Idempotency-Key came with another body before; give a new request a new key.",
                          "idempotency_conflict");
}

}  // namespace agentpipe::store::sql
