#include "prices.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "temporary_directory.hpp"

using namespace agentpipe;

namespace {

base::Result<cli::PricesPtr> load(const std::string& path) {
  config::ClientSettings settings;
  settings.prices_file.value = path;
  return cli::load_prices(settings);
}

}  // namespace

TEST_CASE("without a price list of one's own the built-in one holds; with one, its models are replaced") {
  const test::TemporaryDirectory folder;
  const auto file = folder.path() / "prices.csv";
  std::ofstream(file) << "model,above,input,cache_read,cache_write,cache_write_1h,output\ngpt-5,0,9,,,,9\n";
  const formats::Usage million{.output = 1'000'000};
  CHECK((*load(""))->cost("gpt-5", million) == doctest::Approx(10));
  CHECK((*load(file.string()))->cost("gpt-5", million) == doctest::Approx(9));
  CHECK((*load(file.string()))->cost("gpt-5-mini", million) == doctest::Approx(2));
}

TEST_CASE("a price list that is missing or broken is a mistake in the settings, with the place") {
  const test::TemporaryDirectory folder;
  const auto file = folder.path() / "prices.csv";
  std::ofstream(file) << "model,price\n";
  const auto broken = load(file.string());
  REQUIRE_FALSE(broken);
  CHECK(broken.error().code == base::ErrorCode::configuration);
  CHECK(broken.error().message == "prices_file " + file.string() +
                                      ", line 1: the first line must be "
                                      "model,above,input,cache_read,cache_write,cache_write_1h,output");
  CHECK(load((folder.path() / "none.csv").string()).error().code == base::ErrorCode::configuration);
}
