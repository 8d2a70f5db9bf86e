#include "document.hpp"

#include "agentpipe/base/text.hpp"
#include "json_scan.hpp"

namespace agentpipe::formats {

void DocumentReader::line(std::string_view text, std::uint64_t number, Sink& sink) {
  if (too_large_) return;
  if (document_.size() + text.size() >= k_max_document) {
    too_large_ = true;
    std::string().swap(document_);
    return sink.problem({number, "the document is larger than " + base::human_bytes(k_max_document)});
  }
  document_.append(text).push_back('\n');
}

void DocumentReader::end(Sink& sink) {
  if (too_large_) return;
  if (base::is_valid_utf8(document_)) return read(document_, sink);
  read(base::repair_utf8(document_), sink);
}

void JsonDocumentReader::read(std::string_view document, Sink& sink) {
  JsonLine json;
  const auto root = json.parse(document);
  if (!root) return report_document(document, root.error(), sink);
  tell(*root, sink);
}

void report_document(std::string_view document, const base::Error& error, Sink& sink) {
  if (!error.field.empty()) return sink.problem({0, error.message});
  auto fault = find_fault(document);
  sink.problem({fault.line, std::move(fault.reason)});
}

}  // namespace agentpipe::formats
