#pragma once

#include <vector>

#include "agentpipe/cli/world.hpp"
#include "agentpipe/config/web_settings.hpp"
#include "agentpipe/service/diagnostics.hpp"
#include "agentpipe/store/store.hpp"

namespace agentpipe::cli {

/// Size of the database, and the space beside one that is a file.
service::DatabaseFigures database_figures(const config::DatabaseUrl& database, store::Store& store);
/// Every setting with its origin; nothing secret is among them.
std::vector<service::NamedValue> configuration_rows(const config::WebSettings& settings);
/// The variables that matter to us; secrets masked.
std::vector<service::NamedValue> environment_rows(const config::Environment& environment);

}  // namespace agentpipe::cli
