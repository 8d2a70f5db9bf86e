#include "agentpipe/service/shares.hpp"

#include <algorithm>
#include <utility>

#include "agentpipe/base/crypto.hpp"
#include "agentpipe/base/time.hpp"
#include "agentpipe/model/json_writer.hpp"
#include "agentpipe/model/records.hpp"
#include "small_body.hpp"

namespace agentpipe::service {

namespace {

using Mode = store::Share::Mode;

constexpr std::size_t k_token_bytes = 24;
constexpr std::int64_t k_longest_life = 10LL * 366 * 24 * 3600;  // seconds
constexpr std::chrono::minutes k_use_precision{1};

std::string_view word_of(Mode mode) {
  return mode == Mode::live ? "live" : "frozen";
}

std::string key_of(const base::Digest& digest) {
  return std::string(base::bytes_of(digest));
}

model::Session for_guests(model::Session session) {
  session.machine.reset();
  session.cwd.reset();
  session.system_info = {};
  session.command = {};
  session.metadata = {};
  return session;
}

base::Result<Mode> read_mode(const SmallBody& body) {
  constexpr std::size_t k_most_word = 16;
  const auto word = body.optional_text("mode", k_most_word);
  if (!word) return base::forward(word);
  if (!*word || **word == "live") return Mode::live;
  if (**word == "frozen") return Mode::frozen;
  return base::failure_at("mode", base::ErrorCode::invalid, "mode must be live or frozen", "bad_field");
}

}  // namespace

base::Result<std::unique_ptr<Shares>> Shares::open(store::Store& store, const base::Clock& clock) {
  std::unique_ptr<Shares> shares(new Shares(store, clock));
  auto stored = store.shares({});
  if (!stored) return base::forward(stored);
  const base::MutexLock lock(shares->mutex_);
  for (auto& share : *stored) {
    share.snapshot.clear();
    shares->shares_[std::string(base::bytes_of(share.digest))] = std::move(share);
  }
  return shares;
}

base::Result<std::string> Shares::create(const std::string& session_id, std::string_view text,
                                         const std::string& site) {
  const auto body = SmallBody::parse(text.empty() ? "{}" : text);
  if (!body) return base::forward(body);
  const auto mode = read_mode(*body);
  if (!mode) return base::forward(mode);
  const auto life = body->number("expiresIn", 1, k_longest_life);
  if (!life) return base::forward(life);
  auto detail = store_.session(session_id);
  if (!detail) return base::forward(detail);

  const auto token = base::base64url(base::random_bytes(k_token_bytes));
  store::Share share;
  share.id = "s_" + base::to_hex(base::random_bytes(6));
  share.session_id = session_id;
  share.digest = base::sha256(token);
  share.mode = *mode;
  share.created_at = clock_.now();
  if (*life) share.expires_at = share.created_at + std::chrono::seconds(**life);
  if (share.mode == Mode::frozen) {
    share.until = detail->as_of;
    share.snapshot = to_json(for_guests(std::move(detail->session)));
  }
  if (auto added = store_.add_share(share); !added) return base::forward(added);
  share.snapshot.clear();
  std::string json;
  const auto path = "/share/" + token;
  model::JsonWriter(json)
      .begin_object()
      .field("id", share.id)
      .field("url", site + path)
      .field("path", path)
      .field("mode", word_of(share.mode))
      .field("createdAt", base::format_rfc3339(share.created_at))
      .field("expiresAt", base::format_rfc3339(share.expires_at))
      .end_object();
  const base::MutexLock lock(mutex_);
  shares_[std::string(base::bytes_of(share.digest))] = std::move(share);
  return json;
}

base::Result<std::string> Shares::list(const std::string& session_id) {
  if (const auto known = store_.session(session_id); !known) return base::forward(known);
  const auto shares = store_.shares(session_id);
  if (!shares) return base::forward(shares);
  std::string json;
  model::JsonWriter writer(json);
  writer.begin_object().key("shares").begin_array();
  for (const auto& share : *shares) {
    writer.begin_object()
        .field("id", share.id)
        .field("mode", word_of(share.mode))
        .field("createdAt", base::format_rfc3339(share.created_at))
        .field("expiresAt", base::format_rfc3339(share.expires_at))
        .field("revokedAt", base::format_rfc3339(share.revoked_at))
        .field("lastUsedAt", base::format_rfc3339(share.last_used_at))
        .end_object();
  }
  writer.end_array().end_object();
  return json;
}

base::Result<std::string> Shares::revoke(const std::string& id) {
  const auto now = clock_.now();
  if (auto done = store_.revoke_share(id, now); !done) return base::forward(done);
  {
    const base::MutexLock lock(mutex_);
    for (auto& [digest, share] : shares_)
      if (share.id == id) share.revoked_at = now;
  }
  std::string json;
  model::JsonWriter(json).begin_object().field("revoked", id).end_object();
  return json;
}

base::Result<store::Share> Shares::find(std::string_view token) const {
  const auto digest = key_of(base::sha256(token));
  const base::MutexLock lock(mutex_);
  const auto found = shares_.find(digest);
  if (found == shares_.end()) return base::failure(base::ErrorCode::not_found, "There is no such share.");
  const auto& share = found->second;
  if (share.revoked_at || (share.expires_at && *share.expires_at <= clock_.now()))
    return base::failure_at("", base::ErrorCode::gone, "This link has ended; ask for a new one.",
                            "share_ended");
  return share;
}

base::Result<store::Share> Shares::visit(std::string_view token) {
  auto share = find(token);
  if (!share) return share;
  const auto now = clock_.now();
  if (share->last_used_at && now - *share->last_used_at < k_use_precision) return share;
  {
    const base::MutexLock lock(mutex_);
    shares_[std::string(base::bytes_of(share->digest))].last_used_at = now;
  }
  // That a guest was here is worth noting, not worth an error.
  static_cast<void>(store_.note_share_use(share->id, now));
  return share;
}

base::Result<std::string> Shares::show(std::string_view token) {
  const auto share = visit(token);
  if (!share) return base::forward(share);
  auto detail = store_.session(share->session_id);
  if (!detail) return base::forward(detail);
  std::string json;
  if (share->mode == Mode::live) {
    json = to_json(for_guests(std::move(detail->session)));
  } else {
    const auto stored = store_.shares(share->session_id);
    if (!stored) return base::forward(stored);
    const auto same = std::ranges::find(*stored, share->id, &store::Share::id);
    if (same == stored->end()) return base::failure(base::ErrorCode::not_found, "There is no such share.");
    json = same->snapshot;
  }
  json.pop_back();
  std::string rest;
  model::JsonWriter writer(rest);
  writer.begin_object();
  if (share->mode == Mode::live)
    writer.field("streamCursor", store_.epoch() + "-" + std::to_string(detail->as_of));
  writer.key("share")
      .begin_object()
      .field("mode", word_of(share->mode))
      .field("expiresAt", base::format_rfc3339(share->expires_at))
      .end_object()
      .end_object();
  return json + "," + rest.substr(1);
}

base::Result<std::string> Shares::messages(std::string_view token, const Query& query) {
  const auto share = visit(token);
  if (!share) return base::forward(share);
  return sessions_.messages(share->session_id, query,
                            share->mode == Mode::frozen ? std::optional(share->until) : std::nullopt);
}

}  // namespace agentpipe::service
