#pragma once

#include <string>
#include <string_view>

#include "agentpipe/base/result.hpp"
#include "agentpipe/formats/reader.hpp"
#include "json_line.hpp"

namespace agentpipe::formats {

/// A format that is one document: collects the lines up to k_max_document and reads them at the end.
class DocumentReader : public Reader {
 public:
  explicit DocumentReader(Origin origin) : origin_(std::move(origin)) {}
  void line(std::string_view text, std::uint64_t number, Sink& sink) final;
  void end(Sink& sink) final;

 protected:
  /// The document as valid UTF-8, lines ended by LF.
  virtual void read(std::string_view document, Sink& sink) = 0;
  [[nodiscard]] const Origin& origin() const { return origin_; }

 private:
  Origin origin_;
  std::string document_;
  bool too_large_ = false;
};

/// The same for one JSON value.
class JsonDocumentReader : public DocumentReader {
 public:
  using DocumentReader::DocumentReader;

 protected:
  virtual void tell(const Node& root, Sink& sink) = 0;

 private:
  void read(std::string_view document, Sink& sink) final;
};

/// A document that could not be read, as a problem with its line where that can be told.
void report_document(std::string_view document, const base::Error& error, Sink& sink);

}  // namespace agentpipe::formats
