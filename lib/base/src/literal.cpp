#include "agentpipe/base/literal.hpp"

#include <array>
#include <cstddef>

#include "agentpipe/base/utf8.hpp"

namespace agentpipe::base {

namespace {

/// Capitals of two bytes: the first, the last, how far the small ones stand from them, and how far the
/// capitals from one another.
struct Capitals {
  int first, last, distance, step;
};

// All of Unicode 6.1 whose small letters have two bytes too: what SQLite's full-text index knows.
constexpr auto k_capitals = std::to_array<Capitals>(
    {{0xC0, 0xD6, 32, 1},    {0xD8, 0xDE, 32, 1},     {0x100, 0x12E, 1, 2},    {0x132, 0x136, 1, 2},
     {0x139, 0x147, 1, 2},   {0x14A, 0x176, 1, 2},    {0x178, 0x178, -121, 1}, {0x179, 0x17D, 1, 2},
     {0x181, 0x181, 210, 1}, {0x182, 0x184, 1, 2},    {0x186, 0x186, 206, 1},  {0x187, 0x187, 1, 1},
     {0x189, 0x18A, 205, 1}, {0x18B, 0x18B, 1, 1},    {0x18E, 0x18E, 79, 1},   {0x18F, 0x18F, 202, 1},
     {0x190, 0x190, 203, 1}, {0x191, 0x191, 1, 1},    {0x193, 0x193, 205, 1},  {0x194, 0x194, 207, 1},
     {0x196, 0x196, 211, 1}, {0x197, 0x197, 209, 1},  {0x198, 0x198, 1, 1},    {0x19C, 0x19C, 211, 1},
     {0x19D, 0x19D, 213, 1}, {0x19F, 0x19F, 214, 1},  {0x1A0, 0x1A4, 1, 2},    {0x1A6, 0x1A6, 218, 1},
     {0x1A7, 0x1A7, 1, 1},   {0x1A9, 0x1A9, 218, 1},  {0x1AC, 0x1AC, 1, 1},    {0x1AE, 0x1AE, 218, 1},
     {0x1AF, 0x1AF, 1, 1},   {0x1B1, 0x1B2, 217, 1},  {0x1B3, 0x1B5, 1, 2},    {0x1B7, 0x1B7, 219, 1},
     {0x1B8, 0x1B8, 1, 1},   {0x1BC, 0x1BC, 1, 1},    {0x1C4, 0x1C4, 2, 1},    {0x1C5, 0x1C5, 1, 1},
     {0x1C7, 0x1C7, 2, 1},   {0x1C8, 0x1C8, 1, 1},    {0x1CA, 0x1CA, 2, 1},    {0x1CB, 0x1DB, 1, 2},
     {0x1DE, 0x1EE, 1, 2},   {0x1F1, 0x1F1, 2, 1},    {0x1F2, 0x1F4, 1, 2},    {0x1F6, 0x1F6, -97, 1},
     {0x1F7, 0x1F7, -56, 1}, {0x1F8, 0x21E, 1, 2},    {0x220, 0x220, -130, 1}, {0x222, 0x232, 1, 2},
     {0x23B, 0x23B, 1, 1},   {0x23D, 0x23D, -163, 1}, {0x241, 0x241, 1, 1},    {0x243, 0x243, -195, 1},
     {0x244, 0x244, 69, 1},  {0x245, 0x245, 71, 1},   {0x246, 0x24E, 1, 2},    {0x370, 0x372, 1, 2},
     {0x376, 0x376, 1, 1},   {0x386, 0x386, 38, 1},   {0x388, 0x38A, 37, 1},   {0x38C, 0x38C, 64, 1},
     {0x38E, 0x38F, 63, 1},  {0x391, 0x3A1, 32, 1},   {0x3A3, 0x3AB, 32, 1},   {0x3CF, 0x3CF, 8, 1},
     {0x3D8, 0x3EE, 1, 2},   {0x3F4, 0x3F4, -60, 1},  {0x3F7, 0x3F7, 1, 1},    {0x3F9, 0x3F9, -7, 1},
     {0x3FA, 0x3FA, 1, 1},   {0x3FD, 0x3FF, -130, 1}, {0x400, 0x40F, 80, 1},   {0x410, 0x42F, 32, 1},
     {0x460, 0x480, 1, 2},   {0x48A, 0x4BE, 1, 2},    {0x4C0, 0x4C0, 15, 1},   {0x4C1, 0x4CD, 1, 2},
     {0x4D0, 0x526, 1, 2},   {0x531, 0x556, 48, 1}});

/// By the code, what becomes of every character of two bytes.
constexpr auto k_small = [] {
  std::array<char16_t, 0x800> small{};
  for (std::size_t code = 0; code < small.size(); ++code) small[code] = static_cast<char16_t>(code);
  for (const Capitals& row : k_capitals)
    for (int code = row.first; code <= row.last; code += row.step)
      small[static_cast<std::size_t>(code)] = static_cast<char16_t>(code + row.distance);
  return small;
}();

}  // namespace

std::string fold_case(std::string_view text) {
  std::string folded(text);
  for (std::size_t i = 0; i < folded.size(); ++i) {
    const auto lead = static_cast<unsigned char>(folded[i]);
    if (lead >= 'A' && lead <= 'Z') folded[i] = static_cast<char>(lead | 0x20U);
    if (lead < 0xC3 || lead > 0xDF || i + 1 == folded.size() || starts_character(folded[i + 1])) continue;
    const unsigned code = ((lead & 0x1FU) << 6U) | (static_cast<unsigned char>(folded[i + 1]) & 0x3FU);
    const unsigned small = k_small[code];
    folded[i] = static_cast<char>(0xC0U | (small >> 6U));
    folded[++i] = static_cast<char>(0x80U | (small & 0x3FU));
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
