#include "prices.hpp"

#include "agentpipe/base/files.hpp"

namespace agentpipe::cli {

base::Result<PricesPtr> load_prices(const config::ClientSettings& settings) {
  const std::string& path = *settings.prices_file;
  const auto& built_in = formats::PriceTable::embedded();
  if (path.empty()) return std::make_shared<const formats::PriceTable>(built_in);
  const auto text = base::read_file(path, formats::k_max_price_file);
  if (!text)
    return base::failure(base::ErrorCode::configuration, "prices_file: " + text.error().message,
                         text.error().detail);
  const auto own = formats::PriceTable::parse(*text);
  if (!own)
    return base::failure(base::ErrorCode::configuration, "prices_file " + path + ", " + own.error().message);
  return std::make_shared<const formats::PriceTable>(built_in.changed_by(*own));
}

}  // namespace agentpipe::cli
