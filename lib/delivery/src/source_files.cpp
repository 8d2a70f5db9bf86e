#include "source_files.hpp"

#include <algorithm>

#include "agentpipe/base/log.hpp"
#include "dead_file.hpp"

namespace agentpipe::delivery {

namespace {

namespace fs = std::filesystem;
using Kind = LineReader::Kind;
using State = Segment::State;

/// How the JSON of such a dead letter begins.
const std::string k_conflict = "{\"code\":\"" + std::string(k_conflict_code) + "\"";

/// Reads up to the first record, to find out what the file is.
base::Result<Segment> look_at_segment(FileSystem& files, const fs::path& path, Segment segment,
                                      SourceFiles& found) {
  auto file = files.open(path, FileSystem::Open::read);
  if (!file) return base::forward(file);
  LineReader reader(**file);
  const auto head = reader.next();
  if (!head) return base::forward(head);
  if (head->kind == Kind::record) {
    auto header = decode_header(head->line.json);
    if (head->line.number != 0 || !header) {
      segment.state = State::unreadable;
      return segment;
    }
    segment.first = header->first;
    if (!found.header) found.header = std::move(*header);
    return segment;
  }
  // A header that was hit: the records speak for themselves.
  while (true) {
    const auto item = reader.next();
    if (!item) return base::forward(item);
    if (item->kind == Kind::record) {
      segment.first = item->line.number;
      return segment;
    }
    if (item->kind == Kind::damaged) continue;
    segment.state = State::empty;
    return segment;
  }
}

base::Result<void> add_segment(FileSystem& files, const fs::path& folder, const FolderEntry& entry,
                               Serial serial, SourceFiles& found) {
  found.last_serial = std::max(found.last_serial, serial);
  if (entry.kind != FolderEntry::Kind::file || entry.trust != FolderEntry::Trust::ours) {
    ++found.damage.refused;
    base::log(base::LogLevel::warn, "a spool file is a link or may be changed by others; it is not read",
              {{"file", (folder / entry.name).string()}});
    return {};
  }
  auto segment = look_at_segment(files, folder / entry.name, {serial, 0, entry.bytes}, found);
  if (!segment && segment.error().code == base::ErrorCode::not_found) return base::forward(segment);
  if (!segment || segment->state == State::unreadable) {
    ++found.damage.unreadable;
    base::log(base::LogLevel::warn, "a spool file cannot be read; it is left as it is",
              {{"file", (folder / entry.name).string()}});
  } else if (segment->state == State::empty) {
    ++found.damage.torn;
    found.segments.push_back(*segment);
  } else {
    found.segments.push_back(*segment);
  }
  return {};
}

/// The highest number in one segment, and where its last line ends.
struct Tail {
  RecordNumber last = 0;
  std::uint64_t damaged = 0;  ///< lines behind the last record
  std::uint64_t end = 0;
  enum class End : unsigned char { whole, torn } how = End::whole;
};

base::Result<Tail> read_tail(File& file) {
  Tail tail;
  LineReader reader(file);
  while (true) {
    const auto item = reader.next();
    if (!item) return base::forward(item);
    if (item->kind == Kind::record) {
      tail.last = std::max(tail.last, item->line.number);
      tail.damaged = 0;
    }
    if (item->kind == Kind::damaged) ++tail.damaged;
    if (item->kind != Kind::end && item->kind != Kind::torn) continue;
    tail.end = reader.offset();
    tail.how = item->kind == Kind::torn ? Tail::End::torn : Tail::End::whole;
    return tail;
  }
}

void cut_off(File& file, const Tail& tail) {
  auto done = file.truncate(tail.end);
  if (done) done = file.sync();
  if (!done) base::log(base::LogLevel::warn, "cannot mend a spool file", {{"detail", done.error().message}});
}

/// Finds the last record of the chain; the end of the last segment may be torn.
base::Result<void> read_tails(FileSystem& files, const fs::path& folder, Survey survey, SourceFiles& found) {
  const auto how = survey == Survey::repair ? FileSystem::Open::modify : FileSystem::Open::read;
  bool is_last = true;
  for (auto segment = found.segments.rbegin(); segment != found.segments.rend() && found.last == 0;
       ++segment, is_last = false) {
    auto file = files.open(folder / segment_name(segment->serial), how);
    if (!file) return base::forward(file);
    const auto tail = read_tail(**file);
    if (!tail) return base::forward(tail);
    found.last = tail->last;
    // Nobody reads behind the last record, so this is the place to count them.
    found.damage.damaged += tail->damaged;
    if (tail->damaged > 0) found.damaged.insert(segment->serial);
    if (!is_last || tail->how != Tail::End::torn) continue;
    if (segment->state != State::empty) ++found.damage.torn;
    if (survey == Survey::repair) cut_off(**file, *tail);
  }
  return {};
}

/// What the pointer says, as far as it can be true.
void restore_ack(RecordNumber told, SourceFiles& found) {
  if (told <= found.last) found.acknowledged = told;
  // Only what is dealt with is ever deleted.
  if (!found.segments.empty() && found.segments.front().state == State::readable) {
    found.acknowledged = std::max(found.acknowledged, found.segments.front().first - 1);
  }
  while (found.dead.contains(found.acknowledged + 1)) ++found.acknowledged;
}

void count_damaged(FileSystem& files, const fs::path& folder, SourceFiles& found) {
  if (const auto list = files.list(folder / k_damaged_folder)) found.damaged_segments = list->size();
}

}  // namespace

RecordNumber read_ack(FileSystem& files, const fs::path& folder) {
  auto file = files.open(folder / k_ack_file, FileSystem::Open::read);
  if (!file) return 0;
  char bytes[2 * k_ack_slot];
  const auto got = (*file)->read_at(0, bytes, sizeof bytes);
  RecordNumber highest = 0;
  for (std::size_t at = 0; got && at + k_ack_slot <= *got; at += k_ack_slot) {
    highest = std::max(highest, decode_ack({bytes + at, k_ack_slot}).value_or(0));
  }
  return highest;
}

bool take_source(File& lock, base::Clock& clock) {
  constexpr int k_most_tries = 50;
  constexpr base::Milliseconds k_between_tries{2};
  for (int tries = 1; !lock.lock(File::Hold::alone); ++tries) {
    if (tries == k_most_tries || !clock.sleep(k_between_tries, {})) return false;
  }
  return true;
}

base::Result<SourceFiles> survey_source(FileSystem& files, const fs::path& folder, Survey survey) {
  // First, as a source that lives goes on meanwhile: it must not be ahead of the records that are seen.
  const RecordNumber told = read_ack(files, folder);
  const auto entries = files.list(folder);
  if (!entries) return base::forward(entries);
  if (entries->empty()) return base::failure(base::ErrorCode::not_found, folder.string() + " is gone");
  SourceFiles found;
  for (const FolderEntry& entry : *entries) {
    const auto serial = segment_serial(entry.name);
    if (!serial) continue;
    if (auto added = add_segment(files, folder, entry, *serial, found); !added) return base::forward(added);
  }
  if (auto done = read_tails(files, folder, survey, found); !done) return base::forward(done);
  const auto count = [&found](const SpoolLine& line) {
    const bool conflict = line.json.starts_with(k_conflict);
    // One that was written twice because nobody knew whether it was on the disk is one.
    if (line.number == 0 || (conflict ? found.conflicts : found.dead).insert(line.number).second)
      ++found.dead_letters;
  };
  if (auto done = DeadFile(files, folder).each_line(count); !done) return base::forward(done);
  restore_ack(told, found);
  count_damaged(files, folder, found);
  return found;
}

}  // namespace agentpipe::delivery
