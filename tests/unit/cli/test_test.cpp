#include <doctest/doctest.h>

#include "scripted_transport.hpp"
#include "test_steps.hpp"

using namespace agentpipe;
using namespace std::chrono_literals;
using cli::ExitCode;
using cli::TestSubject;
using delivery::NetworkFault;
using delivery::Response;

namespace {

const base::Timestamp k_now = *base::parse_rfc3339("2026-01-05T08:00:00Z");
const TestSubject k_here{"http://localhost:3000"};
const TestSubject k_there{"https://pipe.example.org"};

/// "+name look-up +connection -TLS …": passed, failed (!) or skipped (-).
std::string shape(const std::vector<cli::TestStep>& steps) {
  std::string text;
  for (const auto& step : steps) {
    text += "+!-"[static_cast<int>(step.result)];
    text += std::string(step.name) + " ";
  }
  return text;
}

Response came_as_far_as(NetworkFault fault, base::Milliseconds lookup, base::Milliseconds connected) {
  Response response = test::network_fault(fault, "because");
  response.name_lookup = lookup;
  response.connected = connected;
  return response;
}

Response good() {
  Response response = test::answer(200, R"({"success":true})");
  response.name_lookup = 2ms;
  response.connected = 5ms;
  response.tls_done = 15ms;
  response.total = 20ms;
  response.date = "Mon, 05 Jan 2026 08:00:01 GMT";
  return response;
}

}  // namespace

TEST_CASE("a good answer passes all steps, each with its own share of the time") {
  const auto steps = cli::judge(k_there, good(), k_now);
  CHECK(cli::exit_code(steps) == ExitCode::ok);
  CHECK(cli::to_text(k_there, steps) ==
        "Testing https://pipe.example.org\n"
        "  ✓ name look-up  2 ms\n"
        "  ✓ connection    3 ms\n"
        "  ✓ TLS           10 ms\n"
        "  ✓ key\n"
        "  ✓ ingest        20 ms\n"
        "  ✓ time          same as the server's\n"
        "All is well.\n");
}

TEST_CASE("each fault stops at its own step and everything behind is skipped") {
  struct Row {
    TestSubject subject;
    Response response;
    const char* shape;
    ExitCode code;
  };
  const Row rows[] = {
      {k_here, good(), "+name look-up +connection -TLS +key +ingest +time ", ExitCode::ok},
      {k_there, came_as_far_as(NetworkFault::name_lookup, 0ms, 0ms),
       "!name look-up -connection -TLS -key -ingest -time ", ExitCode::unreachable},
      {k_there, came_as_far_as(NetworkFault::timeout, 0ms, 0ms),
       "!name look-up -connection -TLS -key -ingest -time ", ExitCode::unreachable},
      {k_there, came_as_far_as(NetworkFault::connect, 1ms, 0ms),
       "+name look-up !connection -TLS -key -ingest -time ", ExitCode::unreachable},
      {k_there, came_as_far_as(NetworkFault::timeout, 1ms, 0ms),
       "+name look-up !connection -TLS -key -ingest -time ", ExitCode::unreachable},
      {k_there, came_as_far_as(NetworkFault::tls, 1ms, 0ms),
       "+name look-up +connection !TLS -key -ingest -time ", ExitCode::unreachable},
      {k_there, came_as_far_as(NetworkFault::timeout, 1ms, 2ms),
       "+name look-up +connection !TLS -key -ingest -time ", ExitCode::unreachable},
      {k_here, came_as_far_as(NetworkFault::timeout, 1ms, 2ms),
       "+name look-up +connection -TLS -key !ingest -time ", ExitCode::unreachable},
      {k_here, test::answer(401), "+name look-up +connection -TLS !key -ingest -time ",
       ExitCode::key_refused},
      {k_here, test::answer(404), "+name look-up +connection -TLS -key !ingest -time ",
       ExitCode::configuration},
      {k_here, test::answer(503), "+name look-up +connection -TLS -key !ingest -time ",
       ExitCode::unreachable},
      {k_here, test::answer(200, "<html>"), "+name look-up +connection -TLS -key !ingest -time ",
       ExitCode::unreachable},
      {k_here, test::answer(400), "+name look-up +connection -TLS -key !ingest -time ", ExitCode::failure},
  };
  for (const Row& row : rows) {
    const auto steps = cli::judge(row.subject, row.response, k_now);
    CHECK(shape(steps) == row.shape);
    CHECK(static_cast<int>(cli::exit_code(steps)) == static_cast<int>(row.code));
    for (const auto& step : steps) CHECK(step.advice.empty() == (step.result != cli::StepResult::failed));
  }
}

TEST_CASE("the advice fits: a server on this computer, a key that is missing") {
  const auto connection = cli::judge(k_here, came_as_far_as(NetworkFault::connect, 1ms, 0ms), k_now).at(1);
  CHECK(connection.advice == "Is the server running? Start it with: agentpipe-web serve");
  const TestSubject bare{"http://localhost:3000", TestSubject::Key::none};
  CHECK(cli::judge(bare, test::answer(401), k_now).at(3).advice ==
        "No key is set. Enter one with agentpipe-bridge setup.");
}

TEST_CASE("clocks may differ a little; beyond five minutes it is a failure that says by how much") {
  const auto time_step = [](base::Milliseconds skew) {
    return cli::judge(k_there, good(), k_now + 1s + skew).at(5);
  };
  CHECK(time_step(0s).detail == "same as the server's");
  CHECK(time_step(3min).detail == "this clock is 3 min ahead of the server's");
  CHECK(time_step(3min).result == cli::StepResult::passed);
  CHECK(time_step(-2h).detail == "this clock is 2 h behind the server's");
  CHECK(time_step(-2h).result == cli::StepResult::failed);
  Response silent = good();
  silent.date.reset();
  CHECK(cli::judge(k_there, silent, k_now).at(5).result == cli::StepResult::skipped);
}

TEST_CASE("as JSON the steps are one document") {
  CHECK(
      cli::to_json(k_here, cli::judge(k_here, came_as_far_as(NetworkFault::connect, 1ms, 0ms), k_now)) ==
      R"({"url":"http://localhost:3000","ok":false,"steps":[{"name":"name look-up","result":"passed","ms":1},)"
      R"x({"name":"connection","result":"failed","detail":"cannot connect (because)",)x"
      R"("advice":"Is the server running? Start it with: agentpipe-web serve"},)"
      R"({"name":"TLS","result":"skipped"},{"name":"key","result":"skipped"},)"
      R"({"name":"ingest","result":"skipped"},{"name":"time","result":"skipped"}]})"
      "\n");
}
