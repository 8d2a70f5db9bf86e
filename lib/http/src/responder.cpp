#include "agentpipe/http/responder.hpp"

namespace agentpipe::http {

Responder::~Responder() {
  if (!exchange_) return;
  base::Error error;
  error.detail = "a handler gave no answer";
  exchange_->answer(error_response(error, {}));
}

}  // namespace agentpipe::http
