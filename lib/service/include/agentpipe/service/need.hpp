#pragma once

#include <string_view>

namespace agentpipe::service {

/// What a route asks of its caller. Where readers need no key (on loopback), a page of ours in a browser may
/// also `upload` and `manage`; `ingest` and `admin` always take a key.
enum class Need : unsigned char {
  open,    ///< nothing
  ingest,  ///< a key that may ingest
  upload,  ///< the same right, also for our own pages
  read,    ///< a key that may read
  manage,  ///< the right of an admin over sessions: rename, delete, share
  admin,   ///< an admin's key: over keys
};

/// "open", "ingest", …
std::string_view to_string(Need need);

}  // namespace agentpipe::service
