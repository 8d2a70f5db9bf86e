#pragma once

#include <memory>

#include "agentpipe/http/responder.hpp"
#include "agentpipe/http/workers.hpp"
#include "agentpipe/service/export.hpp"

namespace agentpipe::http {

/// A download whose pieces workers make, one at a time, each when the one before is on its way.
std::unique_ptr<BodySource> make_pieces_source(Workers& workers, std::unique_ptr<service::Pieces> pieces);

}  // namespace agentpipe::http
