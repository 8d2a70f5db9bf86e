#pragma once

#include <string_view>

namespace agentpipe::formats {

/// The text of src/prices.csv; the build puts it in.
extern const std::string_view k_prices_csv;

}  // namespace agentpipe::formats
