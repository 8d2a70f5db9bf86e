#pragma once

#include <memory>

#include "agentpipe/base/result.hpp"
#include "agentpipe/config/client_settings.hpp"
#include "agentpipe/formats/prices.hpp"

namespace agentpipe::cli {

using PricesPtr = std::shared_ptr<const formats::PriceTable>;

/// The built-in price list with what the user's own, if there is one, says otherwise. Error `configuration`
/// with the file, the line and the reason.
base::Result<PricesPtr> load_prices(const config::ClientSettings& settings);

}  // namespace agentpipe::cli
