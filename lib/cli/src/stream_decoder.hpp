#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "agentpipe/formats/line_splitter.hpp"
#include "agentpipe/formats/reader.hpp"

namespace agentpipe::cli {

/// Turns the bytes of one input into events, as they come: finds out the format as soon as it can be told.
class StreamDecoder {
 public:
  /// When to look: a live input at every line, a file once its head is there.
  enum class Look : unsigned char { at_each_line, at_whole_head };

  /// `forced`: the format, when the user named one; else null.
  StreamDecoder(formats::Origin origin, const formats::Format* forced, Look look, formats::Sink& sink);

  void feed(std::string_view bytes);
  /// The input has come to its end.
  void finish();
  /// The input was cut off: a line that has only begun does not count.
  void abandon();

 private:
  void recognise(std::string_view head);
  void open(const formats::Format& format);
  void give_up();
  void end_reader();

  formats::Origin origin_;
  Look look_;
  formats::Sink& sink_;
  std::string head_;       ///< until the format is known
  bool hopeless_ = false;  ///< it never will be
  enum class Takes : unsigned char { lines, pieces, nothing } takes_ = Takes::lines;  ///< the reader
  std::unique_ptr<formats::Reader> reader_;
  std::optional<formats::LineSplitter> splitter_;
};

}  // namespace agentpipe::cli
