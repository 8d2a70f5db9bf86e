#include "migrations.hpp"

#include <doctest/doctest.h>

#include <array>

#include "temporary_directory.hpp"

using namespace agentpipe;
using namespace agentpipe::store::sqlite;

namespace {

constexpr std::array k_two = {Migration{"0001_first", "CREATE TABLE a(x); INSERT INTO a VALUES(1);"},
                              Migration{"0002_second", "CREATE TABLE b(x)"}};
constexpr std::array k_broken_step = {k_two[0],
                                      Migration{"0002_wrong", "CREATE TABLE b(x); CREATE TABLE a(x)"}};

Database open(const std::filesystem::path& path) {
  auto opened = open_database(path, OpenMode::create, base::Milliseconds{100});
  REQUIRE(opened.has_value());
  return std::move(*opened);
}

std::int64_t number(Database& database, const char* sql) {
  return database.number(sql).value_or(-1);
}

}  // namespace

TEST_CASE("an older database is brought up to date once, and a copy of the old one is kept") {
  test::TemporaryDirectory folder;
  const auto path = folder.path() / "web.db";
  Database database = open(path);
  REQUIRE(migrate(database, path, std::span(k_two).first(1)).has_value());
  CHECK_FALSE(std::filesystem::exists(path.string() + ".version-0"));
  CHECK(identify(database, path, k_two) == Contents::older);
  REQUIRE(migrate(database, path, k_two).has_value());
  REQUIRE(migrate(database, path, k_two).has_value());
  CHECK(identify(database, path, k_two) == Contents::current);
  CHECK(number(database, "SELECT count(*) FROM a") == 1);
  CHECK(number(database, "SELECT count(*) FROM b") == 0);
  Database copy = open(path.string() + ".version-1");
  CHECK(number(copy, "PRAGMA user_version") == 1);
  CHECK(number(copy, "SELECT count(*) FROM a") == 1);
}

TEST_CASE("a step that fails leaves the version before it") {
  test::TemporaryDirectory folder;
  const auto path = folder.path() / "web.db";
  Database database = open(path);
  CHECK_FALSE(migrate(database, path, k_broken_step).has_value());
  CHECK(number(database, "PRAGMA user_version") == 1);
  CHECK(number(database, "SELECT count(*) FROM sqlite_schema WHERE name='b'") == 0);
}
