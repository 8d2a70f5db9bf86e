#include "agentpipe/base/literal.hpp"

#include <array>

namespace agentpipe::base {

namespace {

/// Capitals of two bytes: their first and last, and how far the small ones stand from them.
struct Capitals {
  unsigned first, last, distance;
};

constexpr std::array k_capitals = {
    Capitals{0xC0, 0xD6, 32},   Capitals{0xD8, 0xDE, 32},   Capitals{0x391, 0x3A1, 32},
    Capitals{0x3A3, 0x3AB, 32}, Capitals{0x400, 0x40F, 80}, Capitals{0x410, 0x42F, 32},
};

unsigned small(unsigned code) {
  for (const Capitals& row : k_capitals)
    if (code >= row.first && code <= row.last) return code + row.distance;
  return code;
}

}  // namespace

std::string fold_case(std::string_view text) {
  std::string folded(text);
  for (std::size_t i = 0; i < folded.size(); ++i) {
    const auto lead = static_cast<unsigned char>(folded[i]);
    if (lead >= 'A' && lead <= 'Z') folded[i] = static_cast<char>(lead | 0x20U);
    if (lead < 0xC3 || lead > 0xD0 || i + 1 == folded.size()) continue;
    const unsigned code = ((lead & 0x1FU) << 6U) | (static_cast<unsigned char>(folded[i + 1]) & 0x3FU);
    const unsigned other = small(code);
    folded[i] = static_cast<char>(0xC0U | (other >> 6U));
    folded[++i] = static_cast<char>(0x80U | (other & 0x3FU));
  }
  return folded;
}

std::vector<std::size_t> Literal::places(std::string_view folded_text, std::size_t most) const {
  std::vector<std::size_t> found;
  if (folded_.empty()) return found;
  for (std::size_t at = folded_text.find(folded_); at != std::string_view::npos && found.size() < most;
       at = folded_text.find(folded_, at + folded_.size()))
    found.push_back(at);
  return found;
}

}  // namespace agentpipe::base
