#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "agentpipe/formats/reader.hpp"
#include "json_line.hpp"

namespace agentpipe::formats {

/// A format of JSON records, one a line. Blank lines do not count; a line that is no JSON is a problem,
/// unless it is the last one of a file and has no LF: it may still be being written. Several records in one
/// array are taken one by one.
class RecordReader : public Reader {
 public:
  /// Programs print other things between their records; files do not.
  enum class Strangers : unsigned char { problem, expected };
  RecordReader(Origin origin, Strangers strangers) : origin_(std::move(origin)), strangers_(strangers) {}

  void line(std::string_view text, std::uint64_t number, Sink& sink) final;
  void last_line(std::string_view text, std::uint64_t number, Sink& sink) final;

 protected:
  /// One JSON object.
  virtual void record(const Node& record, std::uint64_t number, Sink& sink) = 0;
  [[nodiscard]] const Origin& origin() const { return origin_; }

 private:
  /// What is wrong with the line, if anything.
  std::optional<Problem> take(std::string_view text, std::uint64_t number, Sink& sink);
  void take(const Node& root, std::uint64_t number, Sink& sink);

  Origin origin_;
  Strangers strangers_;
  JsonLine json_;
};

}  // namespace agentpipe::formats
