#include "agentpipe/service/access.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "agentpipe/base/crypto.hpp"
#include "agentpipe/base/text.hpp"

namespace agentpipe::service {

namespace {

using base::ErrorCode;

constexpr std::string_view k_environment = "environment";
constexpr std::size_t k_cookie_bytes = 24;
constexpr std::size_t k_most_browsers = 10'000;
constexpr auto k_browser_stays = std::chrono::hours{24 * 30};

Principal principal_of(const store::Key& key, Principal::Proof proof) {
  return {proof, key.id, key.can_ingest, key.can_read, key.can_admin};
}

struct ScopeRow {
  Scope scope;
  std::string_view name;
  bool store::Key::*member;
};
constexpr std::array k_scopes{ScopeRow{Scope::ingest, "ingest", &store::Key::can_ingest},
                              ScopeRow{Scope::read, "read", &store::Key::can_read},
                              ScopeRow{Scope::admin, "admin", &store::Key::can_admin}};

bool is_live(const store::Key& key, base::Timestamp now) {
  return !key.revoked_at && (!key.expires_at || now < *key.expires_at);
}

/// The token behind "Bearer", the scheme in any case; a bare key is what some old clients send.
std::string_view token_of(std::string_view authorization) {
  authorization = base::trim(authorization);
  const auto space = authorization.find(' ');
  if (space == std::string_view::npos) return authorization;
  if (!base::equals_ignore_case(authorization.substr(0, space), "bearer")) return {};
  return base::trim(authorization.substr(space));
}

tl::unexpected<base::Error> refusal(std::string reason, std::string message) {
  return tl::unexpected(base::Error{ErrorCode::unauthorized, std::move(message), {}, {}, std::move(reason)});
}

}  // namespace

std::string_view to_string(Need need) {
  constexpr std::array<std::string_view, 6> k_names{"open", "ingest", "upload", "read", "manage", "admin"};
  return k_names[static_cast<std::size_t>(need)];
}

std::optional<Scope> parse_scope(std::string_view word) {
  const auto* const row = std::ranges::find(k_scopes, word, &ScopeRow::name);
  return row == k_scopes.end() ? std::nullopt : std::optional(row->scope);
}

std::vector<std::string_view> scope_names(const store::Key& key) {
  std::vector<std::string_view> names;
  for (const auto& row : k_scopes)
    if (key.*(row.member)) names.push_back(row.name);
  return names;
}

bool Principal::may(Need need) const {
  switch (need) {
    case Need::open:
      return true;
    case Need::ingest:
      return has_key() && (can_ingest || can_admin);
    case Need::upload:
      return can_ingest || can_admin;
    case Need::read:
      return can_read || can_admin;
    case Need::manage:
      return can_admin;
    case Need::admin:
      return has_key() && can_admin;
  }
  return false;
}

base::Result<std::unique_ptr<Access>> Access::open(store::Store& store, const base::Clock& clock,
                                                   ReadersNeed readers, const base::Secret& environment_key) {
  std::unique_ptr<Access> access(new Access(store, clock, readers));
  if (!environment_key.empty()) {
    const base::MutexLock lock(access->mutex_);
    store::Key key;
    key.id = k_environment;
    key.digest = base::sha256(environment_key.reveal());
    key.created_at = clock.now();
    key.name = k_environment;
    key.masked = environment_key.masked();
    key.can_ingest = true;
    key.can_read = true;
    access->environment_key_ = key;
  }
  if (auto loaded = access->reload(); !loaded) return base::forward(loaded);
  return access;
}

base::Result<void> Access::reload() {
  auto keys = store_.keys();
  if (!keys) return base::forward(keys);
  const base::MutexLock lock(mutex_);
  keys_ = std::move(*keys);
  if (environment_key_) keys_.push_back(*environment_key_);
  return {};
}

const store::Key* Access::find_key(std::string_view text) const {
  const auto digest = base::sha256(text);
  const auto now = clock_.now();
  const store::Key* found = nullptr;
  for (const auto& key : keys_) {
    const bool equal = base::equal_in_constant_time(key.digest, digest);
    if (equal && is_live(key, now)) found = &key;
  }
  return found;
}

const store::Key* Access::find_cookie(std::string_view cookie) const {
  const auto now = clock_.now();
  const auto browser = browsers_.find(base::sha256_hex(cookie));
  if (browser == browsers_.end() || browser->second.until <= now) return nullptr;
  const auto key = std::ranges::find(keys_, browser->second.key_id, &store::Key::id);
  return key != keys_.end() && is_live(*key, now) ? &*key : nullptr;
}

Principal Access::identify(const Credentials& credentials) {
  using Proof = Principal::Proof;
  const auto token = token_of(credentials.authorization);
  const base::MutexLock lock(mutex_);
  const auto* key = !token.empty()                ? find_key(token)
                    : !credentials.cookie.empty() ? find_cookie(credentials.cookie)
                                                  : nullptr;
  if (key != nullptr) {
    uses_[key->id] = clock_.now();
    return principal_of(*key, token.empty() ? Proof::cookie : Proof::key);
  }
  if (readers_ == ReadersNeed::key) return {};
  // A page of ours sends no key; what sends a wrong one is something else.
  const bool own = credentials.sender == Sender::own_page && token.empty();
  return {Proof::place, {}, own, true, own};
}

base::Result<Principal> Access::allow(Need need, const Credentials& credentials) {
  auto found = identify(credentials);
  if (found.may(need)) return found;
  if (found.has_key())
    return base::failure(ErrorCode::forbidden,
                         "this key may not do that; use a key with the scope the route asks for");
  if (token_of(credentials.authorization).empty())
    return refusal("missing_key",
                   "send the key as \"Authorization: Bearer <key>\", or sign in with a browser");
  return refusal("invalid_key",
                 "the key is not known, expired or revoked; run agentpipe-bridge setup with a valid one");
}

base::Result<std::string> Access::sign_in(std::string_view key) {
  const base::MutexLock lock(mutex_);
  const auto* found = find_key(key);
  if (found == nullptr) return refusal("invalid_key", "the key is not known, expired or revoked");
  if (!principal_of(*found, Principal::Proof::key).may(Need::read))
    return base::failure(ErrorCode::forbidden, "this key may not read");
  const auto now = clock_.now();
  std::erase_if(browsers_, [&](const auto& entry) { return entry.second.until <= now; });
  if (browsers_.size() >= k_most_browsers) browsers_.erase(browsers_.begin());
  const auto cookie = base::base64url(base::random_bytes(k_cookie_bytes));
  browsers_[base::sha256_hex(cookie)] = {found->id, now + k_browser_stays};
  return cookie;
}

void Access::sign_out(std::string_view cookie) {
  const base::MutexLock lock(mutex_);
  browsers_.erase(base::sha256_hex(cookie));
}

base::Result<MadeKey> Access::create_key(const NewKey& wanted) {
  MadeKey made{{}, base::generate_api_key()};
  auto& key = made.key;
  key.id = "k_" + base::to_hex(base::random_bytes(6));
  key.name = wanted.name;
  key.masked = made.secret.masked();
  key.digest = base::sha256(made.secret.reveal());
  for (const auto& row : k_scopes)
    key.*(row.member) = std::ranges::find(wanted.scopes, row.scope) != wanted.scopes.end();
  key.created_at = clock_.now();
  key.expires_at = wanted.expires_at;
  if (auto added = store_.add_key(key); !added) return base::forward(added);
  if (auto loaded = reload(); !loaded) return base::forward(loaded);
  return made;
}

std::vector<store::Key> Access::keys() const {
  const base::MutexLock lock(mutex_);
  auto keys = keys_;
  for (auto& key : keys)
    if (const auto use = uses_.find(key.id); use != uses_.end()) key.last_used_at = use->second;
  return keys;
}

base::Result<void> Access::revoke_key(const std::string& id_or_name) {
  if (id_or_name == k_environment)
    return base::failure_at("id", ErrorCode::invalid,
                            "This key comes from AGENTPIPE_BRIDGE_API_KEY; remove it there and restart.");
  if (auto done = store_.revoke_key(id_or_name, clock_.now()); !done) return done;
  return reload();
}

base::Result<void> Access::save_uses() {
  std::vector<store::KeyUse> uses;
  {
    const base::MutexLock lock(mutex_);
    for (auto& [id, at] : std::exchange(uses_, {})) uses.push_back({id, at});
  }
  if (uses.empty()) return {};
  return store_.note_key_uses(uses);
}

bool Access::has_ingest_key() const {
  const base::MutexLock lock(mutex_);
  return std::ranges::any_of(
      keys_, [now = clock_.now()](const auto& key) { return key.can_ingest && is_live(key, now); });
}

}  // namespace agentpipe::service
