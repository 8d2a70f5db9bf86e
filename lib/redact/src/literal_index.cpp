#include "literal_index.hpp"

#include "agentpipe/base/text.hpp"

namespace agentpipe::redact {

namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}
char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
}

}  // namespace

bool LiteralIndex::Entry::stands_at(std::string_view text, std::size_t at) const {
  const auto there = text.substr(at, literal.size());
  if (there.size() != literal.size()) return false;
  if (spelling == Spelling::exact) return there == literal;
  for (std::size_t i = 0; i < literal.size(); ++i) {
    const char wanted = spelling == Spelling::upper_case ? upper(literal[i]) : literal[i];
    const char found = spelling == Spelling::upper_case ? there[i] : lower(there[i]);
    if (wanted != found) return false;
  }
  return true;
}

std::size_t LiteralIndex::slot_of(std::string_view three) {
  std::size_t slot = 0;
  for (const char c : three.substr(0, 3)) slot = (slot << k_bits) | (static_cast<unsigned char>(c) & 31U);
  return slot;
}

void LiteralIndex::add(const Entry& entry) {
  auto& bucket = bucket_of_[slot_of(entry.literal)];
  if (bucket == 0) {
    bucket = static_cast<std::uint8_t>(buckets_.size());
    buckets_.emplace_back();
  }
  buckets_[bucket].push_back(entry);
}

std::size_t LiteralIndex::find(std::string_view text, std::size_t from) const {
  if (from + 3 > text.size()) return std::string_view::npos;
  constexpr std::size_t mask = k_slots - 1;
  std::size_t slot = slot_of(text.substr(from, 2));
  for (std::size_t i = from + 2; i < text.size(); ++i) {
    slot = ((slot << k_bits) | (static_cast<unsigned char>(text[i]) & 31U)) & mask;
    if (bucket_of_[slot] != 0) return i - 2;
  }
  return std::string_view::npos;
}

std::span<const LiteralIndex::Entry> LiteralIndex::candidates(std::string_view text, std::size_t at) const {
  return buckets_[bucket_of_[slot_of(text.substr(at, 3))]];
}

}  // namespace agentpipe::redact
