#include "agentpipe/formats/prices.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

#include "agentpipe/base/text.hpp"
#include "prices_csv.hpp"

namespace agentpipe::formats {
namespace {

constexpr std::string_view k_columns = "model,above,input,cache_read,cache_write,cache_write_1h,output";
constexpr std::size_t k_column_count = 7;
constexpr double k_dearest = 1e6;  // USD per million tokens; a typo beyond is told rather than multiplied

/// A decimal number of at least 0; nothing for anything else.
std::optional<double> parse_price(std::string_view text) {
  double price = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), price);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (!(price >= 0 && price <= k_dearest)) return std::nullopt;
  return price;
}

/// Empty stays absent. False: not a price.
bool read_optional(std::string_view text, std::optional<double>& into) {
  if (text.empty()) return true;
  into = parse_price(text);
  return into.has_value();
}

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// "us.anthropic.claude-opus-4-1-20250805-v1:0" → "claude-opus-4-1-20250805"
std::string_view without_provider(std::string_view model) {
  constexpr std::array<std::string_view, 3> k_marks = {"/", "anthropic.", "openai."};
  for (const auto mark : k_marks) {
    if (const auto at = model.rfind(mark); at != std::string_view::npos)
      model.remove_prefix(at + mark.size());
  }
  if (const auto tail = model.find("-v1"); tail != std::string_view::npos) model = model.substr(0, tail);
  return model.substr(0, model.find('['));  // "[1m]": the same model with more room
}

/// Without the date of its release: "-20250805", "@20250805", "-2025-08-07", "-latest".
std::string_view without_date(std::string_view model) {
  constexpr std::string_view k_latest = "-latest";
  if (model.ends_with(k_latest)) return model.substr(0, model.size() - k_latest.size());
  constexpr std::size_t k_compact = 8, k_dashed = 10;
  const auto at = model.find_last_of("-@");
  if (at != std::string_view::npos && model.size() - at == k_compact + 1 && is_digits(model.substr(at + 1)))
    return model.substr(0, at);
  if (model.size() <= k_dashed + 1) return model;
  const auto date = model.substr(model.size() - k_dashed);
  const bool dashed = is_digits(date.substr(0, 4)) && date[4] == '-' && is_digits(date.substr(5, 2)) &&
                      date[7] == '-' && is_digits(date.substr(8));
  return dashed ? model.substr(0, model.size() - k_dashed - 1) : model;
}

}  // namespace

base::Result<PriceTable::Band> PriceTable::parse_band(const std::vector<std::string_view>& cells) {
  const auto above = base::parse_number(cells[1]);
  const auto input = parse_price(cells[2]);
  const auto output = parse_price(cells[6]);
  Band band;
  const bool good = above && *above <= 1'000'000'000 && input && output &&
                    read_optional(cells[3], band.cache_read) && read_optional(cells[4], band.cache_write) &&
                    read_optional(cells[5], band.cache_write_1h);
  if (!good)
    return base::failure(base::ErrorCode::invalid,
                         "prices are numbers in USD per million tokens; input and output are required");
  band.above = static_cast<std::int64_t>(*above);
  band.input = *input;
  band.output = *output;
  return band;
}

base::Result<void> PriceTable::add(std::string_view row) {
  const auto cells = base::split(row, ',');
  if (cells.size() != k_column_count || cells[0].empty())
    return base::failure(base::ErrorCode::invalid,
                         "a row has the cells " + std::string(k_columns) + " in this order");
  auto band = parse_band(cells);
  if (!band) return base::forward(band);
  auto& bands = bands_[base::to_lower(cells[0])];
  if (bands.empty() ? band->above != 0 : band->above <= bands.back().above)
    return base::failure(base::ErrorCode::invalid,
                         "the bands of a model begin with 0 and rise; one of them is missing or twice there");
  bands.push_back(*band);
  return {};
}

base::Result<PriceTable> PriceTable::parse(std::string_view csv) {
  PriceTable table;
  std::size_t number = 0;
  bool header = false;
  for (auto line : base::split(csv, '\n')) {
    ++number;
    line = base::trim(line);
    if (line.empty() || line.starts_with('#')) continue;
    base::Result<void> done;
    if (header) {
      done = table.add(line);
    } else if (line != k_columns) {
      done = base::failure(base::ErrorCode::invalid, "the first line must be " + std::string(k_columns));
    }
    if (!done)
      return base::failure(base::ErrorCode::invalid,
                           "line " + std::to_string(number) + ": " + done.error().message);
    header = true;
  }
  return table;
}

const PriceTable& PriceTable::embedded() {
  static const PriceTable table = [] {
    auto parsed = parse(k_prices_csv);
    if (!parsed) throw std::logic_error("built-in price list: " + parsed.error().message);
    return std::move(*parsed);
  }();
  return table;
}

const PriceTable& prices_of(const Origin& origin) {
  return origin.prices ? *origin.prices : PriceTable::embedded();
}

PriceTable PriceTable::changed_by(const PriceTable& changes) const {
  PriceTable table = changes;
  table.bands_.insert(bands_.begin(), bands_.end());
  return table;
}

const PriceTable::Bands* PriceTable::find(std::string_view model) const {
  const auto name = base::to_lower(model);
  const auto bare = without_provider(name);
  for (const auto& candidate : {std::string_view(name), bare, without_date(bare)}) {
    if (const auto found = bands_.find(candidate); found != bands_.end()) return &found->second;
  }
  return nullptr;
}

std::optional<double> PriceTable::cost(std::string_view model, const Usage& usage) const {
  const auto* bands = find(model);
  if (bands == nullptr) return std::nullopt;
  const auto band = std::find_if(bands->rbegin(), std::prev(bands->rend()),
                                 [&](const Band& b) { return usage.prompt() > b.above; });
  constexpr double k_million = 1e6;
  constexpr double k_hour_factor = 2;  // Anthropic: an hour's cache entry costs twice the input
  const auto tokens = [](std::int64_t count) { return static_cast<double>(count) / k_million; };
  return tokens(usage.input) * band->input + tokens(usage.output) * band->output +
         tokens(usage.cache_read) * band->cache_read.value_or(band->input) +
         tokens(usage.cache_write - usage.cache_write_1h) * band->cache_write.value_or(band->input) +
         tokens(usage.cache_write_1h) * band->cache_write_1h.value_or(band->input * k_hour_factor);
}

}  // namespace agentpipe::formats
