#include "line_reader.hpp"

#include <algorithm>

namespace agentpipe::delivery {

namespace {

/// Who only wants the head of a file reads little; who goes on reads much at a time.
constexpr std::size_t k_first_chunk = 4UL << 10U;
constexpr std::size_t k_chunk = 128UL << 10U;

}  // namespace

base::Result<LineReader::Item> LineReader::next() {
  while (true) {
    const std::size_t end = buffer_.find('\n', searched_);
    if (end != std::string::npos) return read_line(end);
    searched_ = buffer_.size();
    if (searched_ - position_ > k_max_spool_line) {
      too_long_ = true;
      position_ = searched_;
    }
    const auto more = fill();
    if (!more) return base::forward(more);
    if (!*more) return Item{position_ < buffer_.size() || too_long_ ? Kind::torn : Kind::end, {}};
  }
}

base::Result<bool> LineReader::fill() {
  buffer_.erase(0, position_);
  buffer_at_ += position_;
  searched_ -= position_;
  position_ = 0;
  const std::size_t held = buffer_.size();
  const auto size = file_.size();
  if (!size) return base::forward(size);
  const std::uint64_t rest = *size - std::min(*size, buffer_at_ + held);
  const std::size_t chunk =
      std::min<std::uint64_t>(rest, buffer_at_ == 0 && held == 0 ? k_first_chunk : k_chunk);
  if (chunk == 0) return false;
  buffer_.resize(held + chunk);
  const auto got = file_.read_at(buffer_at_ + held, buffer_.data() + held, chunk);
  buffer_.resize(held + (got ? *got : 0));
  if (!got) return base::forward(got);
  return *got > 0;
}

LineReader::Item LineReader::read_line(std::size_t end) {
  const std::string_view line = std::string_view(buffer_).substr(position_, end - position_);
  const auto intact = too_long_ ? std::nullopt : decode_line(line);
  too_long_ = false;
  std::size_t next = end + 1;
  if (!intact) {
    if (const auto swallowed = find_swallowed(line)) {
      // Its line begins behind the damage: the next item is this record.
      const auto json_at = static_cast<std::size_t>(swallowed->json.data() - buffer_.data());
      next = json_at - std::to_string(swallowed->number).size() - 10;  // "crc n "
    }
  }
  position_ = searched_ = next;
  return intact ? Item{Kind::record, *intact} : Item{Kind::damaged, {}};
}

}  // namespace agentpipe::delivery
