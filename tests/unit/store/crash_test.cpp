#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <set>

#include "store_bench.hpp"

using namespace agentpipe;
using namespace agentpipe::test;

namespace {

/// Lets the child write until it told `count` answers, then kills it. What it told in all.
std::vector<std::string> write_and_kill(const std::filesystem::path& path, const std::string& prefix,
                                        int count) {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::dup2(ends[1], STDOUT_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    ::execl(AGENTPIPE_CRASH_CHILD, AGENTPIPE_CRASH_CHILD, path.c_str(), prefix.c_str(), nullptr);
    ::_exit(127);
  }
  ::close(ends[1]);
  std::FILE* answers = ::fdopen(ends[0], "r");
  std::vector<std::string> told;
  std::array<char, 256> line{};
  while (std::fgets(line.data(), static_cast<int>(line.size()), answers) != nullptr) {
    const std::string text(line.data());
    if (text.back() == '\n') told.push_back(text.substr(0, text.size() - 1));
    if (static_cast<int>(told.size()) == count) ::kill(child, SIGKILL);
  }
  std::fclose(answers);
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(WIFSIGNALED(status));
  return told;
}

std::string integrity(const std::filesystem::path& path) {
  sqlite3* database = nullptr;
  std::string answer;
  REQUIRE(sqlite3_open(path.c_str(), &database) == SQLITE_OK);
  const auto take = [](void* into, int, char** values, char**) {
    *static_cast<std::string*>(into) += values[0];
    return 0;
  };
  sqlite3_exec(database, "PRAGMA integrity_check; PRAGMA foreign_key_check", take, &answer, nullptr);
  sqlite3_close(database);
  return answer;
}

}  // namespace

TEST_CASE("after kill -9 in the middle of writing, all that was answered is there, whole requests only") {
  StoreBench bench;
  bench.close();
  std::vector<std::string> answered;
  for (int round = 0; round < 5; ++round) {
    const auto told = write_and_kill(bench.engine().path(), "r" + std::to_string(round), 1 + round * 150);
    answered.insert(answered.end(), told.begin(), told.end());
  }
  CHECK(integrity(bench.engine().path()) == "ok");
  bench.open();
  std::set<std::string> stored;
  for (const model::Logged& logged : bench.log()) stored.insert(model::message_id(logged.event));
  CHECK(answered.size() >= 1505);
  std::size_t missing = 0;
  for (const std::string& id : answered)
    missing += stored.contains(id) && stored.contains(id + "b") ? 0U : 1U;
  CHECK(missing == 0);
  std::size_t halves = 0;
  for (const std::string& id : stored) {
    if (id.back() != 'b' && !stored.contains(id + "b")) ++halves;
  }
  CHECK(halves == 0);
  const auto page = bench->sessions({});
  REQUIRE(page.has_value());
  std::int64_t counted = 0;
  for (const model::Session& session : page->sessions) counted += session.totals.messages;
  CHECK(counted == static_cast<std::int64_t>(stored.size()));
}

TEST_CASE("after kill -9 between batches the source stands exactly where its rows end") {
  StoreBench bench;
  bench.close();
  for (int round = 0; round < 4; ++round) {
    const auto told = write_and_kill(bench.engine().path(), "batches", 3 + round * 40);
    REQUIRE(!told.empty());
    CHECK(integrity(bench.engine().path()) == "ok");
    bench.open();
    const auto asked = bench.take({"s-1", 1'000'000, 0, {}, at(1)});
    const std::uint64_t next = std::get<store::Gap>(asked.value()).expected_n;
    CHECK(next > std::stoull(told.back()));
    CHECK(bench.log().size() == next - 1);
    bench.close();
  }
}
