#include "agentpipe/service/keys.hpp"

#include "agentpipe/base/time.hpp"
#include "agentpipe/model/json_writer.hpp"
#include "small_body.hpp"

namespace agentpipe::service {

namespace {

constexpr std::size_t k_most_name = 200;
constexpr std::size_t k_most_scopes = 3;

void write_key(model::JsonWriter& writer, const store::Key& key, const base::Secret* secret) {
  writer.begin_object().field("id", key.id).field("name", key.name).field("masked", key.masked);
  writer.key("scopes").begin_array();
  for (const auto scope : scope_names(key)) writer.value(scope);
  writer.end_array()
      .field("createdAt", base::format_rfc3339(key.created_at))
      .field("expiresAt", base::format_rfc3339(key.expires_at))
      .field("lastUsedAt", base::format_rfc3339(key.last_used_at))
      .field("revokedAt", base::format_rfc3339(key.revoked_at));
  if (secret != nullptr) writer.field("key", secret->reveal());
  writer.end_object();
}

base::Result<std::vector<Scope>> read_scopes(const SmallBody& body) {
  const auto words = body.words("scopes", k_most_scopes);
  if (!words) return base::forward(words);
  std::vector<Scope> scopes;
  for (const auto& word : *words) {
    const auto scope = parse_scope(word);
    if (!scope) return bad_field("scopes", "must be of ingest, read and admin");
    scopes.push_back(*scope);
  }
  if (scopes.empty()) return bad_field("scopes", "must name at least one of ingest, read and admin");
  return scopes;
}

base::Result<std::optional<base::Timestamp>> read_expiry(const SmallBody& body, base::Timestamp now) {
  constexpr std::size_t k_most_time = 64;
  const auto text = body.optional_text("expiresAt", k_most_time);
  if (!text) return base::forward(text);
  if (!*text) return std::optional<base::Timestamp>();
  const auto at = base::parse_rfc3339(**text);
  if (!at || *at <= now) return bad_field("expiresAt", "must be an RFC 3339 time in the future");
  return at;
}

base::Result<NewKey> read_key(std::string_view text, base::Timestamp now) {
  const auto body = SmallBody::parse(text);
  if (!body) return base::forward(body);
  auto name = body->text("name", 1, k_most_name);
  if (!name) return base::forward(name);
  auto scopes = read_scopes(*body);
  if (!scopes) return base::forward(scopes);
  const auto expiry = read_expiry(*body, now);
  if (!expiry) return base::forward(expiry);
  return NewKey{std::move(*name), std::move(*scopes), *expiry};
}

}  // namespace

std::string Keys::list() const {
  std::string json;
  model::JsonWriter writer(json);
  writer.begin_object().key("keys").begin_array();
  for (const auto& key : access_.keys()) write_key(writer, key, nullptr);
  writer.end_array().end_object();
  return json;
}

base::Result<std::string> Keys::create(std::string_view body) {
  const auto wanted = read_key(body, clock_.now());
  if (!wanted) return base::forward(wanted);
  const auto made = access_.create_key(*wanted);
  if (!made) return base::forward(made);
  std::string json;
  model::JsonWriter writer(json);
  write_key(writer, made->key, &made->secret);
  return json;
}

base::Result<std::string> Keys::revoke(const std::string& id) {
  if (auto done = access_.revoke_key(id); !done) return base::forward(done);
  std::string json;
  model::JsonWriter(json).begin_object().field("revoked", id).end_object();
  return json;
}

}  // namespace agentpipe::service
