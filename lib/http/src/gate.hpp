#pragma once

#include <string>
#include <string_view>

#include "agentpipe/http/routes.hpp"

namespace agentpipe::http {

/// Someone showed no key or a wrong one: the error to answer, and header lines that go with it.
struct Refusal {
  base::Error error;
  std::string headers;
};
/// Whoever tries too often from one address hears `rate_limited` in place of `error`.
Refusal refuse_key(const Site& site, std::string_view peer, const base::Error& error);

}  // namespace agentpipe::http
