#include "plain_dialect.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <type_traits>

#include "agentpipe/base/text.hpp"
#include "agentpipe/base/utf8.hpp"
#include "agentpipe/delivery/stored_session.hpp"
#include "agentpipe/model/codec.hpp"

namespace agentpipe::delivery {

namespace {

using nlohmann::json;
using Content = Translated::Content;

constexpr const char* k_system_fields[] = {"agentpipe_version", "os", "os_version", "go_version"};

struct Cut {
  std::size_t bytes;  ///< that hold at most the units asked for
  std::size_t rest;   ///< code points behind them
};

Cut cut_at(std::string_view text, std::size_t units) {
  std::size_t at = 0;
  for (std::size_t used = 0; at < text.size();) {
    const std::size_t length = std::max<std::size_t>(base::utf8_length(text.substr(at)), 1);
    used += length == 4 ? 2 : 1;
    if (used > units) break;
    at += length;
  }
  return {at, base::count_characters(text.substr(at))};
}

Content shorten(std::string& text, std::size_t units) {
  if (text.size() <= units || cut_at(text, units).rest == 0) return Content::whole;
  constexpr std::size_t k_room_for_note = 80;
  const Cut cut = cut_at(text, units - k_room_for_note);
  text.resize(cut.bytes);
  text += "\n\n[" + base::group_digits(cut.rest) + " more characters are in the original session]";
  return Content::shortened;
}

/// Every field that the server insists on, "unknown" where the sender said nothing.
void complete_system_info(model::Json& info) {
  json object = json::parse(info.text, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) object = json::object();
  const auto fill = [&object](const char* key, const std::string& text) {
    const auto found = object.find(key);
    if (found == object.end() || !found->is_string()) object[key] = text;
  };
  const auto arch = object.find("arch");
  fill("architecture", arch != object.end() && arch->is_string() ? arch->get<std::string>() : "unknown");
  for (const char* key : k_system_fields) fill(key, "unknown");
  info.text = object.dump(-1, ' ', false, json::error_handler_t::replace);
}

Content fit(model::Summary& summary) {
  summary.agent_type = summary.agent_type.value_or("unknown");
  summary.model = summary.model.value_or("");
  summary.input_tokens = summary.input_tokens.value_or(0);
  summary.output_tokens = summary.output_tokens.value_or(0);
  summary.total_tokens = summary.total_tokens.value_or(*summary.input_tokens + *summary.output_tokens);
  summary.cost = summary.cost.value_or(0);
  summary.duration_ms = summary.duration_ms.value_or(0);
  const Content text = shorten(summary.text, k_plain_summary);
  const Content brief =
      summary.short_text ? shorten(*summary.short_text, k_plain_short_summary) : Content::whole;
  return std::max(text, brief);
}

/// One overload a type the server knows; all others are not sent.
struct Fitter {
  base::Timestamp at;

  std::optional<Content> operator()(model::BridgeConnected& body) const {
    complete_system_info(body.system_info);
    if (!body.connected_at) body.connected_at = base::format_rfc3339(at);
    return Content::whole;
  }
  std::optional<Content> operator()(model::BridgeTest& body) const {
    complete_system_info(body.system_info);
    return Content::whole;
  }
  std::optional<Content> operator()(model::ConversationStarted& body) const {
    complete_system_info(body.system_info);
    return Content::whole;
  }
  std::optional<Content> operator()(model::MessageCreated& body) const {
    if (body.metadata.text == model::k_account_again) return std::nullopt;  // it would be stored twice
    body.message_id = plain_message_id(body);
    return shorten(body.content, k_plain_content);
  }
  std::optional<Content> operator()(model::ConversationCompleted& body) const {
    return body.summary ? fit(*body.summary) : Content::whole;
  }
  std::optional<Content> operator()(model::ConversationError&) const { return Content::whole; }
  template <class Other>
  std::optional<Content> operator()(Other&) const {
    return std::nullopt;
  }
};

}  // namespace

std::optional<Translated> to_plain(std::string event) {
  auto decoded = model::decode_event(event, {});
  if (!decoded) return Translated{std::move(event)};  // let the server say what is wrong with it
  const auto content = std::visit(Fitter{decoded->at}, decoded->body);
  if (!content) return std::nullopt;
  return Translated{model::encode_event(*decoded), *content};
}

std::string placeholder_for(const model::Event& event) {
  if (std::holds_alternative<model::ConversationStarted>(event.body)) return {};
  model::ConversationStarted started;
  started.conversation_id = model::conversation_id(event);
  started.mode = "unknown";
  model::Event beginning{event.at, std::move(started)};
  std::visit(Fitter{beginning.at}, beginning.body);
  return model::encode_event(beginning);
}

}  // namespace agentpipe::delivery
