#include "record_reader.hpp"

#include <utility>

#include "agentpipe/base/text.hpp"

namespace agentpipe::formats {

void RecordReader::line(std::string_view text, std::uint64_t number, Sink& sink) {
  text = base::trim(text);
  if (text.empty()) return;
  tell_broken(sink);
  const bool may_be_json = text.front() == '{' || text.front() == '[';
  if (strangers_ == Strangers::expected && !may_be_json) return sink.skipped(Skip::not_json, number);
  const auto root = json_.parse(text);
  if (root) return take(*root, number, sink);
  // What a program prints between its records names no type.
  const bool damaged_record = text.find("\"type\"") != std::string_view::npos;
  if (strangers_ == Strangers::expected && !damaged_record) return sink.skipped(Skip::not_json, number);
  broken_ = Problem{number, "not JSON, or nested too deeply; the line was left out", excerpt_of(text)};
}

void RecordReader::take(const Node& root, std::uint64_t number, Sink& sink) {
  if (root.is_object()) return record(root, number, sink);
  if (!root.is_array()) return sink.skipped(Skip::unknown, number);
  root.each([&](const Node& element) {
    if (element.is_object()) record(element, number, sink);
  });
}

void RecordReader::tell_broken(Sink& sink) {
  if (broken_) sink.problem(*std::exchange(broken_, {}));
}

void RecordReader::finish_lines(Sink& sink) {
  const bool is_live = origin_.clock != nullptr;
  if (is_live) return tell_broken(sink);  // its writer is gone
  if (broken_) sink.skipped(Skip::unfinished, std::exchange(broken_, {})->line);
}

}  // namespace agentpipe::formats
