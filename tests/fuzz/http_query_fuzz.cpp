#include "agentpipe/base/text.hpp"
#include "agentpipe/http/request.hpp"
#include "agentpipe/service/query.hpp"
#include "fuzzing.hpp"
#include "parameters.hpp"

using namespace agentpipe;

/// The part of an address behind its question mark, down to the filters that it asks for.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  const auto query = http::Query::parse(text);
  if (!query) return 0;
  for (const auto& [name, value] : query->all()) {
    fuzz::hold(base::is_valid_utf8(name) && base::is_valid_utf8(value), "parameters are text", text);
    fuzz::hold((name + value).find('\0') == std::string::npos, "without NUL", text);
  }
  const service::Query wanted(query->all());
  service::Parameters parameters(wanted);
  store::SessionQuery filter;
  parameters.session_filter(filter);
  parameters.sort(filter);
  if (parameters.error())
    fuzz::hold(!parameters.error()->field.empty(), "a refusal names its parameter", text);
  return 0;
}
