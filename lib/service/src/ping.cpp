#include "agentpipe/service/ping.hpp"

#include "agentpipe/model/json_writer.hpp"
#include "small_body.hpp"

namespace agentpipe::service {

base::Result<std::string> diagnostic_ping(std::string_view text, base::Timestamp now) {
  constexpr std::size_t k_most_nonce = 64;
  const auto body = SmallBody::parse(text);
  if (!body) return base::forward(body);
  const auto nonce = body->text("nonce", 1, k_most_nonce);
  if (!nonce) return base::forward(nonce);
  std::string json;
  model::JsonWriter writer(json);
  writer.begin_object().field("type", k_ping_type).field("timestamp", base::format_rfc3339(now));
  writer.key("data").begin_object().field("nonce", *nonce).end_object().end_object();
  return json;
}

}  // namespace agentpipe::service
