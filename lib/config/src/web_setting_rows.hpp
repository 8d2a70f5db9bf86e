#pragma once

#include <vector>

#include "agentpipe/config/web_settings.hpp"
#include "loader.hpp"

namespace agentpipe::config {

/// Every setting of the server: its name, where it comes from, how it is read, what it is for.
const std::vector<Row<WebSettings>>& web_setting_rows();

}  // namespace agentpipe::config
