#include "agentpipe/service/access.hpp"

#include <algorithm>

#include "agentpipe/base/crypto.hpp"
#include "agentpipe/base/text.hpp"

namespace agentpipe::service {

namespace {

using base::ErrorCode;

constexpr std::size_t k_cookie_bytes = 24;
constexpr std::size_t k_most_browsers = 10'000;
constexpr auto k_browser_stays = std::chrono::hours{24 * 30};

Principal principal_of(const store::Key& key) {
  return {key.id, key.can_ingest, key.can_read, key.can_admin};
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

bool Principal::may(Scope scope) const {
  switch (scope) {
    case Scope::open:
      return true;
    case Scope::ingest:
      return can_ingest || can_admin;
    case Scope::read:
      return can_read || can_admin;
    case Scope::admin:
      return can_admin;
  }
  return false;
}

base::Result<std::unique_ptr<Access>> Access::open(store::Store& store, const base::Clock& clock,
                                                   ReadersNeed readers, const base::Secret& environment_key) {
  std::unique_ptr<Access> access(new Access(store, clock, readers));
  if (!environment_key.empty()) {
    const base::MutexLock lock(access->mutex_);
    store::Key key;
    key.id = "environment";
    key.digest = base::sha256(environment_key.reveal());
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

std::optional<Principal> Access::find_key(std::string_view text) const {
  const auto digest = base::sha256(text);
  const auto now = clock_.now();
  std::optional<Principal> found;
  for (const auto& key : keys_) {
    const bool equal = base::equal_in_constant_time(key.digest, digest);
    const bool live = !key.revoked_at && (!key.expires_at || now < *key.expires_at);
    if (equal && live) found = principal_of(key);
  }
  return found;
}

std::optional<Principal> Access::find_cookie(std::string_view cookie) const {
  const auto browser = browsers_.find(base::sha256_hex(cookie));
  if (browser == browsers_.end() || browser->second.until <= clock_.now()) return std::nullopt;
  const auto key = std::ranges::find(keys_, browser->second.key_id, &store::Key::id);
  if (key == keys_.end() || key->revoked_at) return std::nullopt;
  auto principal = principal_of(*key);
  principal.can_ingest = false;  // a browser only looks
  return principal;
}

base::Result<Principal> Access::allow(Scope scope, const Credentials& credentials) {
  std::optional<Principal> found;
  const auto token = token_of(credentials.authorization);
  {
    const base::MutexLock lock(mutex_);
    if (!token.empty())
      found = find_key(token);
    else if (!credentials.cookie.empty())
      found = find_cookie(credentials.cookie);
  }
  if (found && found->may(scope)) return *found;
  if (scope == Scope::open) return found.value_or(Principal{});
  if (scope == Scope::read && readers_ == ReadersNeed::nothing)
    return Principal{"loopback", false, true, false};
  if (found)
    return base::failure(ErrorCode::forbidden,
                         "this key may not do that; use a key with the scope the route asks for");
  if (token.empty())
    return refusal("missing_key",
                   "send the key as \"Authorization: Bearer <key>\", or sign in with a browser");
  return refusal("invalid_key",
                 "the key is not known, expired or revoked; run agentpipe-bridge setup with a valid one");
}

base::Result<std::string> Access::sign_in(std::string_view key) {
  const base::MutexLock lock(mutex_);
  const auto found = find_key(key);
  if (!found) return refusal("invalid_key", "the key is not known, expired or revoked");
  if (!found->may(Scope::read)) return base::failure(ErrorCode::forbidden, "this key may not read");
  const auto now = clock_.now();
  std::erase_if(browsers_, [&](const auto& entry) { return entry.second.until <= now; });
  if (browsers_.size() >= k_most_browsers) browsers_.erase(browsers_.begin());
  const auto cookie = base::base64url(base::random_bytes(k_cookie_bytes));
  browsers_[base::sha256_hex(cookie)] = {found->key_id, now + k_browser_stays};
  return cookie;
}

void Access::sign_out(std::string_view cookie) {
  const base::MutexLock lock(mutex_);
  browsers_.erase(base::sha256_hex(cookie));
}

base::Result<base::Secret> Access::create_key(const std::string& name, std::vector<Scope> scopes) {
  const base::Secret secret = base::generate_api_key();
  const auto has = [&](Scope scope) { return std::ranges::find(scopes, scope) != scopes.end(); };
  store::Key key;
  key.id = "k_" + base::to_hex(base::random_bytes(6));
  key.name = name;
  key.masked = secret.masked();
  key.digest = base::sha256(secret.reveal());
  key.can_ingest = has(Scope::ingest);
  key.can_read = has(Scope::read);
  key.can_admin = has(Scope::admin);
  key.created_at = clock_.now();
  if (auto added = store_.add_key(key); !added) return base::forward(added);
  if (auto loaded = reload(); !loaded) return base::forward(loaded);
  return secret;
}

bool Access::has_ingest_key() const {
  const base::MutexLock lock(mutex_);
  return std::ranges::any_of(keys_, [](const auto& key) { return key.can_ingest && !key.revoked_at; });
}

}  // namespace agentpipe::service
