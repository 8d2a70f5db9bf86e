#include "meta.hpp"

#include "agentpipe/base/crypto.hpp"

namespace agentpipe::store::sql {

base::Result<std::string> read_meta(Database& database, const char* key) {
  std::string value;
  auto done = database.statement("SELECT value FROM meta WHERE key=?")
                  .query([&](Columns& columns) { columns(value); }, key);
  if (!done) return base::forward(done);
  return value;
}

base::Result<void> write_meta(Database& database, const char* key, const std::string& value) {
  return database
      .statement(
          "INSERT INTO meta(key,value) VALUES(?,?) ON CONFLICT(key) DO UPDATE SET value=excluded.value")
      .run(key, value);
}

namespace {

std::string random_epoch() {
  constexpr std::string_view k_alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
  std::string epoch = base::random_bytes(8);
  for (char& c : epoch) c = k_alphabet[static_cast<unsigned char>(c) % k_alphabet.size()];
  return epoch;
}

}  // namespace

base::Result<std::string> ensure_epoch(Database& database) {
  auto epoch = read_meta(database, "epoch");
  if (!epoch || !epoch->empty()) return epoch;
  *epoch = random_epoch();
  if (auto written = write_meta(database, "epoch", *epoch); !written) return base::forward(written);
  return epoch;
}

}  // namespace agentpipe::store::sql
