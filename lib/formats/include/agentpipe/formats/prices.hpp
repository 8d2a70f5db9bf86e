#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentpipe/base/result.hpp"
#include "agentpipe/formats/reader.hpp"
#include "agentpipe/formats/usage.hpp"

namespace agentpipe::formats {

/// A price list is a file of people: a few KB.
inline constexpr std::size_t k_max_price_file = 1UL << 20U;

/// What models cost. Immutable once made, so threads may share it.
class PriceTable {
 public:
  /// The list that comes with the program; src/prices.csv says its source and date.
  static const PriceTable& embedded();
  /// Reads a list in the form of src/prices.csv. Error `invalid` names the line and what is wrong with it.
  static base::Result<PriceTable> parse(std::string_view csv);
  /// This table where `changes` is silent: a model that it lists is taken from there with all its bands.
  [[nodiscard]] PriceTable changed_by(const PriceTable& changes) const;

  /// USD for one request. Nothing for a model that is not listed: an unknown cost is not 0.
  [[nodiscard]] std::optional<double> cost(std::string_view model, const Usage& usage) const;
  [[nodiscard]] std::size_t models() const { return bands_.size(); }

 private:
  /// USD per million tokens; what is absent follows from input.
  struct Band {
    std::int64_t above = 0;  ///< for requests whose prompt is longer than this
    double input = 0;
    std::optional<double> cache_read;
    std::optional<double> cache_write;
    std::optional<double> cache_write_1h;
    double output = 0;
  };
  using Bands = std::vector<Band>;  ///< in rising order

  static base::Result<Band> parse_band(const std::vector<std::string_view>& cells);
  base::Result<void> add(std::string_view row);
  [[nodiscard]] const Bands* find(std::string_view model) const;

  std::map<std::string, Bands, std::less<>> bands_;
};

/// The list that this input's readers go by.
const PriceTable& prices_of(const Origin& origin);

}  // namespace agentpipe::formats
