#include "agentpipe/formats/prices.hpp"

#include <doctest/doctest.h>

using namespace agentpipe::formats;

namespace {

constexpr std::string_view k_header = "model,above,input,cache_read,cache_write,cache_write_1h,output\n";

PriceTable table(const std::string& rows) {
  return *PriceTable::parse(std::string(k_header) + rows);
}

std::string fault(const std::string& rows) {
  const auto parsed = PriceTable::parse(rows);
  return parsed ? "" : parsed.error().message;
}

}  // namespace

TEST_CASE("each class of tokens has its own price") {
  const auto prices = table("m,0,3,0.3,3.75,6,15\n");
  const Usage million{
      .input = 1'000'000, .cache_read = 1'000'000, .cache_write = 1'000'000, .output = 1'000'000};
  CHECK(prices.cost("m", million) == doctest::Approx(22.05));
  CHECK(prices.cost("m", {.cache_write = 1'000'000, .cache_write_1h = 400'000}) ==
        doctest::Approx(0.6 * 3.75 + 0.4 * 6));
}

TEST_CASE("what a list leaves out follows from the price of input") {
  const auto prices = table("m,0,2,,,,8\n");
  CHECK(prices.cost("m", {.cache_read = 1'000'000}) == doctest::Approx(2));
  CHECK(prices.cost("m", {.cache_write = 1'000'000}) == doctest::Approx(2));
  CHECK(prices.cost("m", {.cache_write = 1'000'000, .cache_write_1h = 1'000'000}) == doctest::Approx(4));
}

TEST_CASE("a band counts for the whole request, and only when its prompt is longer") {
  const auto prices = table("m,0,1,1,1,1,1\nm,200000,2,2,2,2,2\n");
  CHECK(prices.cost("m", {.input = 100'000, .cache_read = 100'000, .output = 1}) ==
        doctest::Approx(0.200001));
  CHECK(prices.cost("m", {.input = 100'001, .cache_read = 100'000}) == doctest::Approx(0.400002));
}

TEST_CASE("the cost of an unknown model is unknown, not 0") {
  CHECK_FALSE(PriceTable::embedded().cost("<synthetic>", {.output = 5}));
  CHECK_FALSE(PriceTable::embedded().cost("", {.output = 5}));
  CHECK_FALSE(PriceTable::embedded().cost("claude-sonnet-4-5-turbo", {.output = 5}));
}

TEST_CASE("the built-in list knows models under the names that tools write") {
  const auto& prices = PriceTable::embedded();
  const Usage million{.output = 1'000'000};
  for (const auto* name :
       {"claude-opus-4-1", "claude-opus-4-1-20250805", "anthropic/claude-opus-4-1",
        "us.anthropic.claude-opus-4-1-20250805-v1:0", "claude-opus-4-1@20250805", "Claude-Opus-4-1[1m]"}) {
    CAPTURE(name);
    CHECK(prices.cost(name, million) == doctest::Approx(75));
  }
  CHECK(prices.cost("gpt-5.2-codex", million) == doctest::Approx(14));
  CHECK(prices.cost("gpt-4.1-2025-04-14", million) == doctest::Approx(8));
  CHECK(prices.cost("models/gemini-2.5-pro", million) == doctest::Approx(10));
  CHECK(prices.models() > 80);
}

TEST_CASE("a list of one's own replaces the models that it names") {
  const auto prices = PriceTable::embedded().changed_by(table("gpt-5,0,9,9,9,9,9\nmy-model,0,1,,,,1\n"));
  CHECK(prices.cost("gpt-5", {.input = 1'000'000}) == doctest::Approx(9));
  CHECK(prices.cost("my-model", {.input = 1'000'000}) == doctest::Approx(1));
  CHECK(prices.cost("gpt-5-mini", {.input = 1'000'000}) == doctest::Approx(0.25));
}

TEST_CASE("a broken list is refused with the line and the reason") {
  CHECK(fault("modell,input\n") ==
        "line 1: the first line must be model,above,input,cache_read,cache_write,cache_write_1h,output");
  CHECK(fault(std::string(k_header) + "# mine\nm,0,1,,,\n").starts_with("line 3: a row has the cells"));
  CHECK(fault(std::string(k_header) + "m,0,cheap,,,,1\n").starts_with("line 2: prices are numbers"));
  CHECK(fault(std::string(k_header) + "m,0,-1,,,,1\n").starts_with("line 2: prices are numbers"));
  CHECK(fault(std::string(k_header) + "m,0,nan,,,,1\n").starts_with("line 2: prices are numbers"));
  CHECK(
      fault(std::string(k_header) + "m,5,1,,,,1\n").starts_with("line 2: the bands of a model begin with 0"));
  CHECK(
      fault(std::string(k_header) + "m,0,1,,,,1\nm,0,1,,,,1\n").starts_with("line 3: the bands of a model"));
}
