#include "agentpipe/service/access.hpp"

#include <doctest/doctest.h>

#include <array>

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

constexpr std::array k_needs{Need::open, Need::ingest, Need::upload, Need::read, Need::manage, Need::admin};

std::string bearer(const Secret& key) {
  return "Bearer " + key.reveal();
}

ErrorCode refused(Access& access, Need need, const Credentials& credentials) {
  const auto answer = access.allow(need, credentials);
  REQUIRE_FALSE(answer);
  return answer.error().code;
}

}  // namespace

TEST_CASE("a key may do what it was made for and no more") {
  AccessBench bench;
  const auto access = bench.open(ReadersNeed::key);
  const auto sender = access->create_key({"laptop", {Scope::ingest}}).value().secret;
  const auto reader = access->create_key({"sofa", {Scope::read}}).value().secret;
  const auto admin = access->create_key({"desk", {Scope::admin}}).value().secret;
  CHECK(access->allow(Need::ingest, {bearer(sender), {}}));
  CHECK(refused(*access, Need::read, {bearer(sender), {}}) == ErrorCode::forbidden);
  CHECK(access->allow(Need::read, {bearer(reader), {}}));
  CHECK(refused(*access, Need::ingest, {bearer(reader), {}}) == ErrorCode::forbidden);
  for (const auto need : k_needs) CHECK(access->allow(need, {bearer(admin), {}}));
}

TEST_CASE("only the digest of a key is stored") {
  AccessBench bench;
  const auto key = bench.open(ReadersNeed::key)->create_key({"laptop", {Scope::ingest}}).value().secret;
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
  CHECK(refused(*access, Need::ingest, {}) == ErrorCode::unauthorized);
  CHECK(refused(*access, Need::ingest, {"Bearer ap_live_wrong", {}}) == ErrorCode::unauthorized);
  CHECK(refused(*access, Need::ingest, {"Basic ap_live_from_the_environment", {}}) ==
        ErrorCode::unauthorized);
  CHECK(refused(*access, Need::read, {}) == ErrorCode::unauthorized);
}

TEST_CASE("the scheme is read in any case, and old clients send the bare key") {
  AccessBench bench;
  const auto access = bench.open(ReadersNeed::key, Secret("ap_live_from_the_environment"));
  for (const auto* header : {"Bearer ap_live_from_the_environment", "bearer  ap_live_from_the_environment",
                             "ap_live_from_the_environment"})
    CHECK(access->allow(Need::ingest, {header, {}}));
}

TEST_CASE("where readers need nothing they still may not write") {
  AccessBench bench;
  const auto access = bench.open(ReadersNeed::nothing);
  CHECK(access->allow(Need::read, {}));
  CHECK(refused(*access, Need::ingest, {}) == ErrorCode::unauthorized);
}

TEST_CASE("a revoked and an expired key are refused") {
  AccessBench bench;
  const auto access = bench.open(ReadersNeed::key);
  const auto key = access->create_key({"laptop", {Scope::ingest}}).value().secret;
  REQUIRE(bench.store->revoke_key("laptop", bench.clock.now()));
  REQUIRE(access->reload());
  CHECK(refused(*access, Need::ingest, {bearer(key), {}}) == ErrorCode::unauthorized);
}

TEST_CASE("a browser signs in with a key, has its rights, and signs out") {
  AccessBench bench;
  const auto access = bench.open(ReadersNeed::key);
  const auto key = access->create_key({"sofa", {Scope::ingest, Scope::read}}).value().secret;
  CHECK(access->sign_in("wrong").error().code == ErrorCode::unauthorized);
  const auto cookie = access->sign_in(key.reveal()).value();
  CHECK(access->allow(Need::read, {{}, cookie}));
  CHECK(access->allow(Need::ingest, {{}, cookie}));
  CHECK(refused(*access, Need::manage, {{}, cookie}) == ErrorCode::forbidden);
  bench.clock.advance(std::chrono::hours{24 * 31});
  CHECK(refused(*access, Need::read, {{}, cookie}) == ErrorCode::unauthorized);
  const auto second = access->sign_in(key.reveal()).value();
  access->sign_out(second);
  CHECK(refused(*access, Need::read, {{}, second}) == ErrorCode::unauthorized);
}

TEST_CASE("on this machine a page of ours may upload and manage, but neither ingest nor touch keys") {
  AccessBench bench;
  const auto access = bench.open(ReadersNeed::nothing);
  std::string may;
  for (const auto need : k_needs)
    if (access->allow(need, {{}, {}, Sender::own_page})) may += std::string(to_string(need)) + " ";
  CHECK(may == "open upload read manage ");
  CHECK(refused(*access, Need::manage, {"Bearer wrong", {}, Sender::own_page}) == ErrorCode::unauthorized);
  CHECK(refused(*access, Need::manage, {}) == ErrorCode::unauthorized);
}

TEST_CASE("where reading needs a key, being a page of ours is no right") {
  AccessBench bench;
  const auto access = bench.open(ReadersNeed::key);
  std::string may;
  for (const auto need : k_needs)
    if (access->allow(need, {{}, {}, Sender::own_page})) may += std::string(to_string(need)) + " ";
  CHECK(may == "open ");
}

TEST_CASE("a key ends when its time is over, and its cookies with it") {
  AccessBench bench;
  const auto access = bench.open(ReadersNeed::key);
  const auto until = bench.clock.now() + std::chrono::hours{1};
  const auto key = access->create_key({"guest", {Scope::read}, until}).value().secret;
  const auto cookie = access->sign_in(key.reveal()).value();
  CHECK(access->allow(Need::read, {bearer(key), {}}));
  bench.clock.advance(std::chrono::hours{1});
  CHECK(refused(*access, Need::read, {bearer(key), {}}) == ErrorCode::unauthorized);
  CHECK(refused(*access, Need::read, {{}, cookie}) == ErrorCode::unauthorized);
}

TEST_CASE("the last use of a key is told at once and noted in the store later") {
  AccessBench bench;
  const auto access = bench.open(ReadersNeed::key);
  const auto key = access->create_key({"laptop", {Scope::ingest}}).value().secret;
  CHECK_FALSE(access->keys().front().last_used_at);
  REQUIRE(access->allow(Need::ingest, {bearer(key), {}}));
  CHECK(access->keys().front().last_used_at == bench.clock.now());
  REQUIRE(access->save_uses());
  CHECK(bench.store->keys().value().front().last_used_at == bench.clock.now());
}
