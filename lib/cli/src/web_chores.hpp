#pragma once

#include <vector>

#include "agentpipe/config/web_settings.hpp"
#include "agentpipe/http/server.hpp"
#include "agentpipe/service/access.hpp"
#include "agentpipe/service/retention.hpp"
#include "agentpipe/store/store.hpp"
#include "service_manager.hpp"
#include "web_housekeeping.hpp"

namespace agentpipe::cli {

/// Those that must not wait for another.
std::vector<Chore> quick_chores(service::Access& access, const http::Server& server,
                                const ServiceManager& manager);

/// Those that may take their time.
std::vector<Chore> slow_chores(store::Store& store, service::Access& access, service::Retention& retention,
                               const config::WebSettings& settings, const base::Clock& clock);

}  // namespace agentpipe::cli
