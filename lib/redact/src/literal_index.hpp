#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "rules.hpp"

namespace agentpipe::redact {

/// Finds the places where any of many literals may begin, in one pass over the text whatever their number:
/// three bytes, five bits of each, index a table.
class LiteralIndex {
 public:
  struct Entry {
    std::string_view literal;
    Spelling spelling = Spelling::exact;
    std::size_t rule = 0;
    /// Does the literal begin at `at`, spelled so?
    [[nodiscard]] bool stands_at(std::string_view text, std::size_t at) const;
  };

  /// At least three bytes long.
  void add(const Entry& entry);

  /// The first place from `from` on where a literal may begin; npos when there is none.
  [[nodiscard]] std::size_t find(std::string_view text, std::size_t from) const;
  /// What may begin there: a place that find() gave.
  [[nodiscard]] std::span<const Entry> candidates(std::string_view text, std::size_t at) const;

 private:
  static constexpr std::size_t k_bits = 5;
  static constexpr std::size_t k_slots = 1UL << (3 * k_bits);

  static std::size_t slot_of(std::string_view three);

  std::array<std::uint8_t, k_slots> bucket_of_{};  ///< 0: nothing begins like this
  std::vector<std::vector<Entry>> buckets_{1};
};

}  // namespace agentpipe::redact
