#include "record_reader.hpp"

#include "agentpipe/base/text.hpp"

namespace agentpipe::formats {

void RecordReader::line(std::string_view text, std::uint64_t number, Sink& sink) {
  if (const auto broken = take(text, number, sink)) sink.problem(*broken);
}

void RecordReader::last_line(std::string_view text, std::uint64_t number, Sink& sink) {
  const auto broken = take(text, number, sink);
  if (!broken) return;
  const bool is_live = origin_.clock != nullptr;
  if (is_live) return sink.problem(*broken);  // its writer is gone
  sink.skipped(Skip::unfinished, number);
}

std::optional<Problem> RecordReader::take(std::string_view text, std::uint64_t number, Sink& sink) {
  text = base::trim(text);
  if (text.empty()) return std::nullopt;
  const bool may_be_json = text.front() == '{' || text.front() == '[';
  if (strangers_ == Strangers::problem || may_be_json) {
    if (const auto root = json_.parse(text)) {
      take(*root, number, sink);
      return std::nullopt;
    }
  }
  // What a program prints between its records names no type.
  const bool is_record = may_be_json && text.find("\"type\"") != std::string_view::npos;
  if (strangers_ == Strangers::expected && !is_record) {
    sink.skipped(Skip::not_json, number);
    return std::nullopt;
  }
  return Problem{number, "not JSON, or nested too deeply; the line was left out", excerpt_of(text)};
}

void RecordReader::take(const Node& root, std::uint64_t number, Sink& sink) {
  if (root.is_object()) return record(root, number, sink);
  if (!root.is_array()) return sink.skipped(Skip::unknown, number);
  root.each([&](const Node& element) {
    if (element.is_object()) record(element, number, sink);
  });
}

}  // namespace agentpipe::formats
