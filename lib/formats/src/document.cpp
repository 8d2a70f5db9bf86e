#include "document.hpp"

#include "agentpipe/base/text.hpp"

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

}  // namespace agentpipe::formats
