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
#include "agentpipe/store/store.hpp"

namespace agentpipe::service {

/// What a route asks for. `open` asks for nothing.
enum class Scope : unsigned char { open, ingest, read, admin };

/// Who asks.
struct Principal {
  std::string key_id;  ///< "loopback" for a reader that needs no key
  bool can_ingest = false;
  bool can_read = false;
  bool can_admin = false;

  [[nodiscard]] bool may(Scope scope) const;
};

/// Whether reading needs a key. `nothing` only where no stranger can connect: on a loopback address.
enum class ReadersNeed : unsigned char { nothing, key };

/// What a request shows as proof: the value of its Authorization header and of our cookie, empty when absent.
struct Credentials {
  std::string_view authorization;
  std::string_view cookie;
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
  base::Result<Principal> allow(Scope scope, const Credentials& credentials);

  /// Trades a key that may read for a cookie value that stands for it until sign_out(), restart or 30 days
  /// pass.
  base::Result<std::string> sign_in(std::string_view key);
  void sign_out(std::string_view cookie);

  /// Makes and stores a key that may do everything asked for; the only time its text is seen.
  base::Result<base::Secret> create_key(const std::string& name, std::vector<Scope> scopes);
  /// Is there any key that may ingest?
  [[nodiscard]] bool has_ingest_key() const;
  /// Takes the store's keys anew, after a change by another process.
  base::Result<void> reload();

 private:
  struct BrowserSession {
    std::string key_id;
    base::Timestamp until;
  };

  Access(store::Store& store, const base::Clock& clock, ReadersNeed readers)
      : store_(store), clock_(clock), readers_(readers) {}
  [[nodiscard]] std::optional<Principal> find_key(std::string_view text) const REQUIRES(mutex_);
  [[nodiscard]] std::optional<Principal> find_cookie(std::string_view cookie) const REQUIRES(mutex_);

  store::Store& store_;
  const base::Clock& clock_;
  const ReadersNeed readers_;

  mutable base::Mutex mutex_;
  std::optional<store::Key> environment_key_ GUARDED_BY(mutex_);
  std::vector<store::Key> keys_ GUARDED_BY(mutex_);
  std::unordered_map<std::string, BrowserSession> browsers_ GUARDED_BY(mutex_);  // by digest of the cookie
};

}  // namespace agentpipe::service
