#include "agentpipe/service/access.hpp"

#include <doctest/doctest.h>

#include "agentpipe/store/sqlite/open.hpp"
#include "manual_clock.hpp"
#include "temporary_directory.hpp"

using namespace agentpipe;
using namespace agentpipe::service;
using base::ErrorCode;
using base::Secret;

namespace {

struct AccessBench {
  test::TemporaryDirectory folder;
  base::SystemClock store_clock;
  test::ManualClock clock;
  std::unique_ptr<store::Store> store =
      store::open_sqlite({.path = folder.path() / "web.db", .clock = store_clock}).value();

  std::unique_ptr<Access> open(ReadersNeed readers, const Secret& environment = {}) {
    return Access::open(*store, clock, readers, environment).value();
  }
};

std::string bearer(const Secret& key) {
  return "Bearer " + key.reveal();
}

ErrorCode refused(Access& access, Scope scope, const Credentials& credentials) {
  const auto answer = access.allow(scope, credentials);
  REQUIRE_FALSE(answer);
  return answer.error().code;
}

}  // namespace

TEST_CASE("a key may do what it was made for and no more") {
  AccessBench bench;
  const auto access = bench.open(ReadersNeed::key);
  const auto sender = access->create_key("laptop", {Scope::ingest}).value();
  const auto reader = access->create_key("sofa", {Scope::read}).value();
  const auto admin = access->create_key("desk", {Scope::admin}).value();
  CHECK(access->allow(Scope::ingest, {bearer(sender), {}}));
  CHECK(refused(*access, Scope::read, {bearer(sender), {}}) == ErrorCode::forbidden);
  CHECK(access->allow(Scope::read, {bearer(reader), {}}));
  CHECK(refused(*access, Scope::ingest, {bearer(reader), {}}) == ErrorCode::forbidden);
  for (const auto scope : {Scope::open, Scope::ingest, Scope::read, Scope::admin})
    CHECK(access->allow(scope, {bearer(admin), {}}));
}

TEST_CASE("only the digest of a key is stored") {
  AccessBench bench;
  const auto key = bench.open(ReadersNeed::key)->create_key("laptop", {Scope::ingest}).value();
  CHECK(key.reveal().starts_with("ap_live_"));
  CHECK(key.reveal().size() == 40);
  const auto stored = bench.store->keys().value().front();
  CHECK(stored.name == "laptop");
  CHECK(stored.masked == key.masked());
  CHECK(stored.digest == base::sha256(key.reveal()));
}

TEST_CASE("without a key, with a wrong one and under another scheme the answer is unauthorized") {
  AccessBench bench;
  const auto access = bench.open(ReadersNeed::key, Secret("ap_live_from_the_environment"));
  CHECK(refused(*access, Scope::ingest, {}) == ErrorCode::unauthorized);
  CHECK(refused(*access, Scope::ingest, {"Bearer ap_live_wrong", {}}) == ErrorCode::unauthorized);
  CHECK(refused(*access, Scope::ingest, {"Basic ap_live_from_the_environment", {}}) ==
        ErrorCode::unauthorized);
  CHECK(refused(*access, Scope::read, {}) == ErrorCode::unauthorized);
}

TEST_CASE("the scheme is read in any case, and old clients send the bare key") {
  AccessBench bench;
  const auto access = bench.open(ReadersNeed::key, Secret("ap_live_from_the_environment"));
  for (const auto* header : {"Bearer ap_live_from_the_environment", "bearer  ap_live_from_the_environment",
                             "ap_live_from_the_environment"})
    CHECK(access->allow(Scope::ingest, {header, {}}));
}

TEST_CASE("where readers need nothing they still may not write") {
  AccessBench bench;
  const auto access = bench.open(ReadersNeed::nothing);
  CHECK(access->allow(Scope::read, {}));
  CHECK(refused(*access, Scope::ingest, {}) == ErrorCode::unauthorized);
}

TEST_CASE("a revoked and an expired key are refused") {
  AccessBench bench;
  const auto access = bench.open(ReadersNeed::key);
  const auto key = access->create_key("laptop", {Scope::ingest}).value();
  REQUIRE(bench.store->revoke_key("laptop", bench.clock.now()));
  REQUIRE(access->reload());
  CHECK(refused(*access, Scope::ingest, {bearer(key), {}}) == ErrorCode::unauthorized);
}

TEST_CASE("a browser signs in with a key, may read, and signs out") {
  AccessBench bench;
  const auto access = bench.open(ReadersNeed::key);
  const auto key = access->create_key("sofa", {Scope::ingest, Scope::read}).value();
  CHECK(access->sign_in("wrong").error().code == ErrorCode::unauthorized);
  const auto cookie = access->sign_in(key.reveal()).value();
  CHECK(access->allow(Scope::read, {{}, cookie}));
  CHECK(refused(*access, Scope::ingest, {{}, cookie}) == ErrorCode::forbidden);
  bench.clock.advance(std::chrono::hours{24 * 31});
  CHECK(refused(*access, Scope::read, {{}, cookie}) == ErrorCode::unauthorized);
  const auto second = access->sign_in(key.reveal()).value();
  access->sign_out(second);
  CHECK(refused(*access, Scope::read, {{}, second}) == ErrorCode::unauthorized);
}
