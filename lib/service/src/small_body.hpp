#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentpipe/base/result.hpp"

namespace agentpipe::service {

/// `invalid`; the sentence goes on after the field's name: "is required".
[[nodiscard]] tl::unexpected<base::Error> bad_field(std::string_view name, const std::string& sentence);

/// The body of a small request: one flat JSON object. Null counts as absent; a field of another type is an
/// error that names it.
class SmallBody {
 public:
  /// `invalid` when it is no JSON object.
  static base::Result<SmallBody> parse(std::string_view text);
  SmallBody(SmallBody&&) noexcept;
  SmallBody& operator=(SmallBody&&) noexcept;
  ~SmallBody();

  /// Counted in bytes, without surrounding white space.
  [[nodiscard]] base::Result<std::string> text(std::string_view name, std::size_t least,
                                               std::size_t most) const;
  [[nodiscard]] base::Result<std::optional<std::string>> optional_text(std::string_view name,
                                                                       std::size_t most) const;
  [[nodiscard]] base::Result<std::optional<std::int64_t>> number(std::string_view name, std::int64_t least,
                                                                 std::int64_t most) const;
  /// At most `most` words.
  [[nodiscard]] base::Result<std::vector<std::string>> words(std::string_view name, std::size_t most) const;

 private:
  struct Document;
  explicit SmallBody(std::unique_ptr<Document> document);
  std::unique_ptr<Document> document_;
};

}  // namespace agentpipe::service
