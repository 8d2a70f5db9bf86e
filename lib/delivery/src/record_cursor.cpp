#include "record_cursor.hpp"

#include <algorithm>
#include <utility>

namespace agentpipe::delivery {

namespace {

using Kind = LineReader::Kind;

constexpr std::size_t k_remembered = 4096;

/// Numbers from here on in the segment are void: a later one replaces them.
RecordNumber void_from(Serial serial, const std::vector<Segment>& segments) {
  RecordNumber first = ~RecordNumber{0};
  for (const Segment& segment : segments) {
    if (segment.serial > serial && segment.state == Segment::State::readable)
      first = std::min(first, segment.first);
  }
  return first;
}

}  // namespace

base::Result<const Record*> RecordCursor::peek(RecordNumber after, RecordNumber limit,
                                               const std::vector<Segment>& segments) {
  if (found_ && after >= floor_ && after < found_->number) return &*found_;
  found_.reset();
  if (after != last_) rewind(after, segments);
  while (!found_) {
    if (last_ >= limit) return nullptr;
    const auto more = step(segments);
    if (!more) return base::forward(more);
    if (!*more) return nullptr;
  }
  return &*found_;
}

void RecordCursor::rewind(RecordNumber after, const std::vector<Segment>& segments) {
  reader_.reset();
  file_.reset();
  serial_ = 0;
  last_ = after;
  counted_missing_ = std::max(counted_missing_, after);
  for (const Segment& segment : segments) {
    if (segment.state == Segment::State::readable && segment.first <= after + 1) serial_ = segment.serial - 1;
  }
}

base::Result<bool> RecordCursor::step(const std::vector<Segment>& segments) {
  if (!reader_) return next_segment(segments);
  const auto item = reader_->next();
  if (!item) return base::forward(item);
  if (item->kind == Kind::damaged) {
    if (is_news()) ++damage_.damaged;
    damaged_.insert(serial_);
    return true;
  }
  if (item->kind != Kind::record) return next_segment(segments);
  if (std::exchange(void_known_to_, segments.back().serial) != segments.back().serial)
    void_from_ = void_from(serial_, segments);
  if (item->line.number != 0 && item->line.number < void_from_) take(item->line);
  return true;
}

base::Result<bool> RecordCursor::next_segment(const std::vector<Segment>& segments) {
  const auto next = std::ranges::upper_bound(segments, serial_, {}, &Segment::serial);
  if (next == segments.end()) return false;
  auto file = files_.open(folder_ / segment_name(next->serial), FileSystem::Open::read);
  if (!file) return base::forward(file);
  reader_.reset();
  file_ = std::move(*file);
  reader_.emplace(*file_);
  serial_ = next->serial;
  void_known_to_ = 0;
  return true;
}

void RecordCursor::take(const SpoolLine& line) {
  if (line.number <= last_) {
    const auto before = std::ranges::find(recent_, line.number, &std::pair<RecordNumber, unsigned>::first);
    const bool differs = before != recent_.end() && before->second != line.crc;
    if (differs && is_news()) on_conflict_(line);
    return;
  }
  const RecordNumber expected = std::max(last_, counted_missing_) + 1;
  if (line.number > expected) damage_.missing += line.number - expected;
  counted_missing_ = std::max(counted_missing_, line.number);
  floor_ = std::exchange(last_, line.number);
  remember(line);
  found_ = Record{line.number, std::string(line.json)};
}

bool RecordCursor::is_news() {
  const std::pair here(serial_, reader_->offset());
  if (here <= counted_) return false;
  counted_ = here;
  return true;
}

void RecordCursor::remember(const SpoolLine& line) {
  recent_.emplace_back(line.number, line.crc);
  if (recent_.size() > k_remembered) recent_.pop_front();
}

}  // namespace agentpipe::delivery
