#include "web_redaction.hpp"

#include <array>

#include "agentpipe/redact/redactor.hpp"

namespace agentpipe::cli {
namespace {

redact::Redactor made_redactor() {
  const std::array own{redact::OwnPattern{
      "email", R"(\b[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+\b)"}};
  return redact::Redactor(own);
}

}  // namespace

service::RedactEvent export_redactor() {
  return [](model::Event& event) {
    // Made when somebody wants it: its patterns take half a megabyte, and few servers are ever asked.
    static const redact::Redactor redactor = made_redactor();
    redactor.redact(event);
  };
}

}  // namespace agentpipe::cli
