#include "agentpipe/service/manage.hpp"

#include <future>

#include "agentpipe/base/text.hpp"
#include "agentpipe/base/utf8.hpp"
#include "agentpipe/model/json_writer.hpp"
#include "agentpipe/model/limits.hpp"
#include "agentpipe/model/records.hpp"
#include "json_body.hpp"
#include "parameters.hpp"

namespace agentpipe::service {

namespace {

constexpr std::size_t k_name_characters = 200;

base::Result<std::string> name_in(std::string_view json) {
  const auto body = JsonBody::parse(json);
  if (!body) return base::forward(body);
  std::string name(base::trim(body->text("name").value_or("")));
  if (!name.empty() && base::count_characters(name) <= k_name_characters) return name;
  return base::failure_at("name", base::ErrorCode::invalid, "name must be a text of 1 to 200 characters.",
                          "bad_name");
}

base::Result<std::vector<std::string>> ids_in(std::string_view json) {
  const auto body = JsonBody::parse(json);
  if (!body) return base::forward(body);
  auto ids = body->texts("ids");
  const auto too_long = [](const std::string& id) { return id.size() > model::k_max_id; };
  if (ids && !ids->empty() && ids->size() <= k_most_ids && std::ranges::none_of(*ids, too_long))
    return std::move(*ids);
  return base::failure_at("ids", base::ErrorCode::invalid, "ids must be an array of 1 to 1000 session ids.",
                          "bad_ids");
}

std::string removed(const store::Appended& appended) {
  std::vector<std::string> missing;
  for (const auto& stored : appended)
    if (stored.outcome == store::Outcome::absent) missing.push_back(stored.conversation_id);
  std::string json;
  model::JsonWriter writer(json);
  writer.begin_object()
      .field("deleted", static_cast<std::int64_t>(appended.size() - missing.size()))
      .key("missing")
      .begin_array();
  for (const auto& id : missing) writer.value(id);
  writer.end_array().end_object();
  return json;
}

}  // namespace

base::Result<store::Appended> Manage::append(std::vector<model::Event> events) {
  std::promise<base::Result<store::Appended>> answer;
  store_.append({std::move(events), clock_.now(), store::Source::cli_stream},
                [&](base::Result<store::Appended> appended) { answer.set_value(std::move(appended)); });
  return answer.get_future().get();
}

base::Result<std::string> Manage::rename(const std::string& id, std::string_view body) {
  auto name = name_in(body);
  if (!name) return base::forward(name);
  if (const auto known = store_.session(id); !known) return base::forward(known);
  model::ConversationUpdated updated;
  updated.conversation_id = id;
  updated.name = std::move(*name);
  if (const auto stored = append({{clock_.now(), std::move(updated)}}); !stored) return base::forward(stored);
  const auto now = store_.session(id);
  if (!now) return base::forward(now);
  return to_json(now->session);
}

base::Result<std::string> Manage::remove(const std::string& id) {
  const auto stored = append({{clock_.now(), model::ConversationDeleted{id, {}}}});
  if (!stored) return base::forward(stored);
  if (stored->front().outcome == store::Outcome::absent)
    return base::failure(base::ErrorCode::not_found, "There is no session " + id + ".");
  return std::string(R"({"deleted":1})");
}

base::Result<std::string> Manage::remove_many(std::string_view body) {
  const auto ids = ids_in(body);
  if (!ids) return base::forward(ids);
  std::vector<model::Event> events;
  for (const auto& id : *ids) events.push_back({clock_.now(), model::ConversationDeleted{id, {}}});
  const auto stored = append(std::move(events));
  if (!stored) return base::forward(stored);
  return removed(*stored);
}

}  // namespace agentpipe::service
