#pragma once

#include <string>
#include <string_view>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/base/result.hpp"
#include "agentpipe/service/access.hpp"

namespace agentpipe::service {

/// Keys as JSON, for admins. Writes to the disk: not for a network loop. Thread-safe.
class Keys {
 public:
  Keys(Access& access, const base::Clock& clock) : access_(access), clock_(clock) {}

  /// `{"keys":[{"id","name","masked","scopes","createdAt","expiresAt","lastUsedAt","revokedAt"}]}`
  std::string list() const;
  /// `{"name","scopes":[…],"expiresAt"?}` becomes the same object with `"key"`, which is shown only now.
  base::Result<std::string> create(std::string_view body);
  base::Result<std::string> revoke(const std::string& id);

 private:
  Access& access_;
  const base::Clock& clock_;
};

}  // namespace agentpipe::service
