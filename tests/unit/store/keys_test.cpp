#include "store_bench.hpp"

using namespace agentpipe;
using namespace agentpipe::test;

namespace {

store::Key key(const std::string& id, const std::string& name) {
  store::Key made;
  made.id = id;
  made.name = name;
  made.masked = "ap_live_…abcd";
  made.digest = base::sha256(id);
  made.can_ingest = true;
  made.created_at = at(1);
  return made;
}

std::string listed(StoreBench& bench) {
  std::string text;
  const auto all = bench->keys();
  REQUIRE(all.has_value());
  for (const store::Key& k : *all) text += k.id + (k.revoked_at ? " revoked " : " live ");
  return text;
}

}  // namespace

TEST_CASE("a key comes back as it was stored, also after a restart") {
  StoreBench bench;
  store::Key full = key("k_1", "laptop");
  full.can_admin = true;
  full.expires_at = at(99);
  REQUIRE(bench->add_key(full).has_value());
  bench.reopen();
  const store::Key read = bench->keys()->front();
  CHECK(read.id == full.id);
  CHECK(read.name == full.name);
  CHECK(read.masked == full.masked);
  CHECK(read.digest == full.digest);
  CHECK(read.can_ingest);
  CHECK_FALSE(read.can_read);
  CHECK(read.can_admin);
  CHECK(read.created_at == at(1));
  CHECK(read.expires_at == at(99));
  CHECK_FALSE(read.revoked_at.has_value());
}

TEST_CASE("a key is revoked by id or name, once") {
  StoreBench bench;
  REQUIRE(bench->add_key(key("k_1", "laptop")).has_value());
  REQUIRE(bench->add_key(key("k_2", "server")).has_value());
  CHECK(bench->revoke_key("laptop", at(5)).has_value());
  CHECK(listed(bench) == "k_1 revoked k_2 live ");
  CHECK(bench->revoke_key("k_1", at(6)).error().code == base::ErrorCode::not_found);
  CHECK(bench->revoke_key("k_2", at(6)).has_value());
  CHECK(bench->revoke_key("nobody", at(6)).error().code == base::ErrorCode::not_found);
  CHECK(bench->keys()->front().revoked_at == at(5));
}

TEST_CASE("a second key with the same id is refused") {
  StoreBench bench;
  REQUIRE(bench->add_key(key("k_1", "laptop")).has_value());
  CHECK(bench->add_key(key("k_1", "other")).error().code == base::ErrorCode::conflict);
  CHECK(listed(bench) == "k_1 live ");
}
