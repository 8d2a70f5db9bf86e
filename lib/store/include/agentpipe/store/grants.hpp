#pragma once

#include <optional>
#include <string>

#include "agentpipe/base/crypto.hpp"
#include "agentpipe/base/time.hpp"
#include "agentpipe/model/logged.hpp"

namespace agentpipe::store {

using model::LogNumber;

/// A key at rest: only its digest is stored.
struct Key {
  std::string id;  // public handle, "k_…"
  std::string name;
  std::string masked;  // "ap_live_…abcd"
  base::Digest digest{};
  bool can_ingest = false;
  bool can_read = false;
  bool can_admin = false;
  base::Timestamp created_at;
  std::optional<base::Timestamp> expires_at;
  std::optional<base::Timestamp> revoked_at;
  std::optional<base::Timestamp> last_used_at;
};
struct KeyUse {
  std::string id;
  base::Timestamp at;
};

/// A link that shows one session to whoever has it; at rest only the digest of its token.
struct Share {
  enum class Mode : unsigned char { live, frozen };
  std::string id;  // public handle, "s_…"
  std::string session_id;
  base::Digest digest{};
  Mode mode = Mode::live;
  LogNumber until = 0;   ///< frozen: shows the log up to here
  std::string snapshot;  ///< frozen: the session object as it was; else empty
  base::Timestamp created_at;
  std::optional<base::Timestamp> expires_at;
  std::optional<base::Timestamp> revoked_at;
  std::optional<base::Timestamp> last_used_at;
};

}  // namespace agentpipe::store
