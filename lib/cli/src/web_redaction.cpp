#include "web_redaction.hpp"

#include <array>
#include <memory>

#include "agentpipe/redact/redactor.hpp"

namespace agentpipe::cli {

service::RedactEvent export_redactor() {
  const std::array own{redact::OwnPattern{
      "email", R"(\b[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+\b)"}};
  return [redactor = std::make_shared<const redact::Redactor>(own)](model::Event& event) {
    redactor->redact(event);
  };
}

}  // namespace agentpipe::cli
