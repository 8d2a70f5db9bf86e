#pragma once

#include <cstdint>
#include <string_view>

#include "agentpipe/formats/reader.hpp"
#include "element_splitter.hpp"
#include "json_line.hpp"

namespace agentpipe::formats {

/// A format whose conversations are the elements of a JSON array, or JSON objects one after the other; read
/// one by one, so that a file of gigabytes takes the memory of its largest conversation.
class ElementReader : public Reader {
 public:
  explicit ElementReader(Origin origin);

  void piece(std::string_view bytes, Sink& sink) final;
  void line(std::string_view text, std::uint64_t number, Sink& sink) final;
  void end(Sink& sink) final;

 protected:
  struct Place {
    std::uint64_t line = 0;   ///< where it begins, from 1
    std::uint64_t value = 0;  ///< number of the top-level value that it is or belongs to, from 0
  };
  virtual void element(const Node& element, const Place& place, Sink& sink) = 0;
  /// All elements have come.
  virtual void finish(Sink& /*sink*/) {}
  [[nodiscard]] const Origin& origin() const { return origin_; }

 private:
  void take(const ElementSplitter::Element& element, Sink& sink);

  Origin origin_;
  ElementSplitter splitter_;
  JsonLine json_;
  Sink* sink_ = nullptr;  ///< of the call that is going on
  std::uint64_t elements_ = 0;
};

/// The front of the first object in `head`, which may lie in an array, or in an array of arrays.
std::string_view first_object(std::string_view head);

}  // namespace agentpipe::formats
