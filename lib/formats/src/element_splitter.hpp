#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace agentpipe::formats {

/// Cuts JSON, as its bytes come, into its elements: the objects and arrays of a top-level array, or top-level
/// objects one after the other (JSONL too). So a document of any size takes the memory of its largest
/// element. Looks at brackets and quotes only; each element is for a parser to judge. One thread.
class ElementSplitter {
 public:
  struct Element {
    std::string_view json;    ///< empty when it was left out: longer than max_element
    std::uint64_t line = 0;   ///< where it begins, from 1
    std::uint64_t value = 0;  ///< number of the top-level value that it is or belongs to, from 0
  };
  using Take = std::function<void(const Element& element)>;

  ElementSplitter(Take take, std::size_t max_element) : take_(std::move(take)), max_element_(max_element) {}

  void feed(std::string_view bytes);

  /// Line on which a value began that has not ended; 0: all have.
  [[nodiscard]] std::uint64_t open_since() const { return depth_ > 0 ? began_on_ : 0; }
  /// Lines whose value broke off at their end, as a line of JSONL that was cut does. They were left out.
  using Broken = std::function<void(std::uint64_t line)>;
  void on_broken(Broken broken) { broken_ = std::move(broken); }

 private:
  void structural(char c, std::string_view bytes, std::size_t at);
  void open(char bracket, std::size_t at);
  void close(std::string_view bytes, std::size_t at);
  void end_of_line();
  void keep(std::string_view bytes);
  void hand_on();

  Take take_;
  Broken broken_;
  std::size_t max_element_;

  std::string element_;
  bool collecting_ = false;
  bool too_large_ = false;
  std::size_t from_ = 0;  ///< where the element begins in the bytes that are being fed

  std::size_t depth_ = 0;
  bool in_list_ = false;  ///< the top-level value is an array
  bool in_string_ = false;
  bool escaped_ = false;
  /// A value per line has been seen, and no value over several.
  enum class Layout : unsigned char { unknown, by_lines, free } layout_ = Layout::unknown;

  std::uint64_t line_ = 1;
  std::uint64_t began_on_ = 1;  ///< of the top-level value
  std::uint64_t element_on_ = 1;
  std::uint64_t value_ = 0;
};

}  // namespace agentpipe::formats
