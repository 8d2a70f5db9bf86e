#include "agentpipe/delivery/capabilities.hpp"

#include <nlohmann/json.hpp>

#include "agentpipe/model/codec.hpp"
#include "plain_dialect.hpp"

namespace agentpipe::delivery {

namespace {

using nlohmann::json;

/// The one event that not every server of ours knows.
constexpr std::string_view k_updated = "conversation.updated";

bool is_updated(const std::string& event) {
  if (event.find(k_updated) == std::string::npos) return false;
  const auto decoded = model::decode_event(event, {});
  return decoded && std::holds_alternative<model::ConversationUpdated>(decoded->body);
}

Capabilities own(const json& health) {
  Capabilities found{Dialect::own, {}, {}};
  if (const auto database = health.find("database"); database != health.end() && database->is_string())
    found.database = database->get<std::string>();
  const auto names = health.find("capabilities");
  if (names == health.end() || !names->is_array()) return found;
  for (const json& name : *names) {
    if (name.is_string()) found.names.insert(name.get<std::string>());
  }
  return found;
}

}  // namespace

std::optional<Capabilities> capabilities_from(const Response& response) {
  if (response.fault != NetworkFault::none) return std::nullopt;
  if (response.status == 404 || response.status == 405) return Capabilities{};
  // A server of ours says its name also when it is not well.
  if (response.status != 200 && response.status != 503) return std::nullopt;
  const json health = json::parse(response.body, nullptr, /*allow_exceptions=*/false);
  if (!health.is_object()) return std::nullopt;
  const auto service = health.find("service");
  if (service != health.end() && *service == "agentpipe-web") return own(health);
  // Others may have such a page, too; an empty answer comes from something in between.
  const bool is_health = health.contains("status") && health["status"].is_string();
  return response.status == 200 && is_health ? std::optional(Capabilities{}) : std::nullopt;
}

bool knows(const Capabilities& capabilities, const std::string& event) {
  return capabilities.has(k_updated) || !is_updated(event);
}

std::optional<Translated> translate(const Capabilities& capabilities, std::string event) {
  if (capabilities.dialect == Dialect::plain) return to_plain(std::move(event));
  if (!knows(capabilities, event)) return std::nullopt;
  return Translated{std::move(event)};
}

}  // namespace agentpipe::delivery
