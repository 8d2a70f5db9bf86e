#include "element_reader.hpp"

#include <algorithm>

#include "agentpipe/base/text.hpp"

namespace agentpipe::formats {

ElementReader::ElementReader(Origin origin)
    : origin_(std::move(origin)),
      splitter_([this](const ElementSplitter::Element& element) { take(element, *sink_); }, k_max_document) {
  splitter_.on_broken([this](std::uint64_t line) {
    sink_->problem({line, "the JSON is broken here; it was left out"});
  });
}

void ElementReader::piece(std::string_view bytes, Sink& sink) {
  sink_ = &sink;
  splitter_.feed(bytes);
}

void ElementReader::line(std::string_view text, std::uint64_t, Sink& sink) {
  piece(text, sink);
  piece("\n", sink);
}

void ElementReader::take(const ElementSplitter::Element& element, Sink& sink) {
  ++elements_;
  if (element.json.empty())
    return sink.problem({element.line, "the conversation is larger than " +
                                           base::human_bytes(k_max_document) + " and was left out"});
  const auto root = json_.parse(element.json);
  if (!root) return sink.problem({element.line, "not JSON, or nested too deeply; it was left out"});
  this->element(*root, {element.line, element.value}, sink);
}

void ElementReader::end(Sink& sink) {
  if (const auto line = splitter_.open_since(); line != 0) {
    if (origin_.writer == Writer::present) {
      sink.skipped(Skip::unfinished, line);
    } else {
      sink.problem({line, "the JSON that begins here does not end; the file is cut off"});
    }
  } else if (elements_ == 0) {
    sink.problem({0, "there is no JSON in it"});
  }
  finish(sink);
}

std::string_view first_object(std::string_view head) {
  if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
  for (int arrays = 0; arrays < 3; ++arrays) {
    head.remove_prefix(std::min(head.find_first_not_of(" \t\r\n"), head.size()));
    if (head.starts_with('{')) return head;
    if (!head.starts_with('[')) return {};
    head.remove_prefix(1);
  }
  return {};
}

}  // namespace agentpipe::formats
