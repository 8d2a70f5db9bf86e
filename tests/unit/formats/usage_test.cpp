#include "agentpipe/formats/usage.hpp"

#include <doctest/doctest.h>

#include <cstdint>

#include "agentpipe/model/limits.hpp"

using namespace agentpipe::formats;

TEST_CASE("a tool that counts cached tokens as input has them taken out, once, and never below 0") {
  const ReportedUsage openai{.input = 1000, .cache_read = 250, .output = 125, .reasoning = 75};
  CHECK(normalised(openai, InputRule::includes_cached) ==
        Usage{.input = 750, .cache_read = 250, .output = 125, .reasoning = 75});
  CHECK(normalised({.input = 10, .cache_read = 250}, InputRule::includes_cached) ==
        Usage{.input = 0, .cache_read = 250});
}

TEST_CASE("a tool that keeps cached tokens apart is taken at its word") {
  CHECK(normalised({.input = 2, .cache_read = 5, .cache_write = 13'416, .output = 6},
                   InputRule::excludes_cached) ==
        Usage{.input = 2, .cache_read = 5, .cache_write = 13'416, .output = 6});
  CHECK(normalised({.cache_write = 5, .cache_write_1h = 9}, InputRule::excludes_cached).cache_write == 9);
}

TEST_CASE("Gemini's total tells whether cached tokens are inside its input") {
  const ReportedUsage inside{.input = 1500, .cache_read = 100, .output = 250, .reasoning = 50, .total = 1750};
  CHECK(normalised(inside, InputRule::told_by_total).input == 1400);
  const ReportedUsage beside{.input = 1500, .cache_read = 100, .output = 250, .reasoning = 50, .total = 1850};
  CHECK(normalised(beside, InputRule::told_by_total).input == 1500);
  const ReportedUsage with_tools{.input = 10, .output = 5, .tool_input = 7, .total = 22};
  CHECK(normalised(with_tools, InputRule::told_by_total).input == 17);
}

TEST_CASE("running totals grow class by class; one that shrinks was started anew") {
  const Usage before{.input = 100, .cache_read = 50, .output = 10};
  const Usage now{.input = 120, .cache_read = 90, .output = 11};
  CHECK(growth(before, now) == Usage{.input = 20, .cache_read = 40, .output = 1});
  CHECK(growth(before, before) == Usage{});
  CHECK_FALSE(growth(now, before));
}

TEST_CASE("a message carries the classes apart and their sum") {
  agentpipe::model::MessageCreated message;
  set_usage(message, {.input = 1, .cache_read = 2, .cache_write = 3, .output = 4});
  CHECK(message.input_tokens == 1);
  CHECK(message.cache_read_tokens == 2);
  CHECK(message.cache_write_tokens == 3);
  CHECK(message.output_tokens == 4);
  CHECK(message.tokens_used == 10);
  CHECK_FALSE(message.reasoning_tokens);
}

TEST_CASE("absurd numbers are cut so that a message can still carry them and sums stay numbers") {
  const ReportedUsage absurd{.input = INT64_MAX,
                             .cache_read = INT64_MAX,
                             .cache_write = INT64_MAX,
                             .output = INT64_MAX,
                             .tool_input = INT64_MAX};
  auto usage = normalised(absurd, InputRule::excludes_cached);
  CHECK(usage.total() == 4 * k_max_tokens);
  CHECK(usage.total() < agentpipe::model::k_max_integer);
  usage += usage;
  CHECK(usage.input == k_max_tokens);
}
