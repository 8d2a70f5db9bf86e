#include "web_files.hpp"

#include <utility>

#include "agentpipe/formats/otlp.hpp"
#include "agentpipe/formats/read_all.hpp"
#include "upload_session.hpp"

namespace agentpipe::cli {

service::ReadFile file_reader(const base::Clock& clock) {
  return [&clock](std::string_view bytes, const std::string& name,
                  std::string_view format) -> base::Result<service::FileContents> {
    const formats::Format* forced = nullptr;
    if (!format.empty() && (forced = formats::find_format(format)) == nullptr)
      return base::failure_at("format", base::ErrorCode::invalid, "There is no format of that name.",
                              "bad_parameter");
    SessionCollector sink;
    const auto* found = formats::read_all(bytes, {name, clock.now()}, forced, sink);
    service::FileContents contents;
    if (found != nullptr) contents.format = found->name;
    contents.sessions = sink.take(SessionCollector::Unfinished::active);
    for (const auto& problem : sink.problems()) contents.problems.push_back({problem.line, problem.reason});
    return contents;
  };
}

service::TraceReaders trace_readers(const base::Clock& clock) {
  return {[&clock](std::string_view json) {
            return formats::read_otlp(json, {{}, clock.now()});
          },
          [&clock](std::string_view json) {
            return formats::read_otlp_logs(json, {{}, clock.now()});
          }};
}

}  // namespace agentpipe::cli
