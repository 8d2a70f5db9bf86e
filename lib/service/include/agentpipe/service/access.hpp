#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/base/result.hpp"
#include "agentpipe/base/secret.hpp"
#include "agentpipe/base/thread_annotations.hpp"
#include "agentpipe/service/need.hpp"
#include "agentpipe/store/store.hpp"

namespace agentpipe::service {

/// What a key may do; an admin's key may do everything.
enum class Scope : unsigned char { ingest, read, admin };
/// "ingest", "read", "admin"; nothing for other words.
std::optional<Scope> parse_scope(std::string_view word);
/// Which of them the key has, in that order.
std::vector<std::string_view> scope_names(const store::Key& key);

/// Who asks.
struct Principal {
  /// By what we know: `nobody` showed nothing; `place`: being on this machine is enough.
  enum class Proof : unsigned char { nobody, place, key, cookie } proof = Proof::nobody;
  std::string key_id;  ///< empty without a key
  bool can_ingest = false;
  bool can_read = false;
  bool can_admin = false;

  [[nodiscard]] bool may(Need need) const;
  [[nodiscard]] bool has_key() const { return proof == Proof::key || proof == Proof::cookie; }
};

/// Whether reading needs a key. `nothing` only where no stranger can connect: on a loopback address.
enum class ReadersNeed : unsigned char { nothing, key };

/// Where a request comes from, as the browser says: a page of ours, or anything else.
enum class Sender : unsigned char { anything, own_page };

/// What a request shows as proof: the value of its Authorization header and of our cookie, empty when absent.
struct Credentials {
  std::string_view authorization;
  std::string_view cookie;
  Sender sender = Sender::anything;
};

/// A key to be made.
struct NewKey {
  std::string name;
  std::vector<Scope> scopes;
  std::optional<base::Timestamp> expires_at = {};
};
/// The only time the text of a key is seen.
struct MadeKey {
  store::Key key;
  base::Secret secret;
};

/// Checks keys. Digests are compared in constant time, and as many for an unknown key as for a known one.
/// Thread-safe.
class Access {
 public:
  /// `environment_key`: a further ingest key that is not in the store. Reads the store's keys once; see
  /// reload().
  static base::Result<std::unique_ptr<Access>> open(store::Store& store, const base::Clock& clock,
                                                    ReadersNeed readers, const base::Secret& environment_key);

  /// `unauthorized` without a valid key where one is needed, `forbidden` when the key may not do this.
  base::Result<Principal> allow(Need need, const Credentials& credentials);
  /// Who that is; never an error.
  Principal identify(const Credentials& credentials);

  /// Trades a key that may read for a cookie value that stands for it until sign_out(), restart or 30 days
  /// pass.
  base::Result<std::string> sign_in(std::string_view key);
  void sign_out(std::string_view cookie);

  /// All of them, revoked ones too, with their last use.
  [[nodiscard]] std::vector<store::Key> keys() const;
  /// Makes and stores a key that may do everything asked for.
  base::Result<MadeKey> create_key(const NewKey& wanted);
  /// By id or name; `invalid` for the one from the environment, which must be removed there. Open
  /// streams of that key end within a second.
  base::Result<void> revoke_key(const std::string& id_or_name);
  /// Is there any key that may ingest?
  [[nodiscard]] bool has_ingest_key() const;
  /// Takes the store's keys anew, after a change by another process.
  base::Result<void> reload();
  /// Notes in the store which keys were used since the last call.
  base::Result<void> save_uses();

 private:
  struct BrowserSession {
    std::string key_id;
    base::Timestamp until;
  };

  Access(store::Store& store, const base::Clock& clock, ReadersNeed readers)
      : store_(store), clock_(clock), readers_(readers) {}
  [[nodiscard]] const store::Key* find_key(std::string_view text) const REQUIRES(mutex_);
  [[nodiscard]] const store::Key* find_cookie(std::string_view cookie) const REQUIRES(mutex_);

  store::Store& store_;
  const base::Clock& clock_;
  const ReadersNeed readers_;

  mutable base::Mutex mutex_;
  std::optional<store::Key> environment_key_ GUARDED_BY(mutex_);
  std::vector<store::Key> keys_ GUARDED_BY(mutex_);
  std::unordered_map<std::string, base::Timestamp> uses_ GUARDED_BY(mutex_);     // by key, not yet saved
  std::unordered_map<std::string, BrowserSession> browsers_ GUARDED_BY(mutex_);  // by digest of the cookie
};

}  // namespace agentpipe::service
