#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/base/result.hpp"
#include "agentpipe/base/thread_annotations.hpp"
#include "agentpipe/service/query.hpp"
#include "agentpipe/service/sessions.hpp"
#include "agentpipe/store/store.hpp"

namespace agentpipe::service {

/// Links that show one session to whoever has them. A token is 24 random bytes; we keep only its digest.
/// What a guest gets to see leaves out what tells of the machine: folder, command line, system, metadata.
/// Thread-safe; all but is_live() and find() read or write the disk.
class Shares {
 public:
  static base::Result<std::unique_ptr<Shares>> open(store::Store& store, const base::Clock& clock);

  /// `{"expiresIn":seconds|null,"mode":"live|frozen"}` becomes `{"id","url","path","mode","createdAt",
  /// "expiresAt"}`; `site` stands before the path in "url".
  base::Result<std::string> create(const std::string& session_id, std::string_view body,
                                   const std::string& site);
  /// `{"shares":[{"id","mode","createdAt","expiresAt","revokedAt","lastUsedAt"}]}`
  base::Result<std::string> list(const std::string& session_id);
  base::Result<std::string> revoke(const std::string& id);

  /// `not_found` for a token that never was, `gone` (reason "share_ended") for one that is over.
  base::Result<store::Share> find(std::string_view token) const;
  [[nodiscard]] bool is_live(std::string_view token) const { return find(token).has_value(); }
  /// The session object with `"share":{"mode","expiresAt"}`.
  base::Result<std::string> show(std::string_view token);
  /// As Sessions::messages; of a frozen share only what was there.
  base::Result<std::string> messages(std::string_view token, const Query& query);

 private:
  Shares(store::Store& store, const base::Clock& clock) : store_(store), sessions_(store), clock_(clock) {}
  base::Result<store::Share> visit(std::string_view token);

  store::Store& store_;
  Sessions sessions_;
  const base::Clock& clock_;
  mutable base::Mutex mutex_;
  std::unordered_map<std::string, store::Share> shares_ GUARDED_BY(mutex_);  // by digest, without snapshot
};

}  // namespace agentpipe::service
