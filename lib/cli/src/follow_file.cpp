#include "follow_file.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "agentpipe/formats/read_all.hpp"
#include "sessions_found.hpp"
#include "upload_inputs.hpp"

namespace agentpipe::cli {

formats::Origin FileFollower::origin_of(const std::string& path, const follow::Facts& facts) const {
  formats::Origin origin;
  origin.path = path;
  origin.name = origin.path.filename().string();
  origin.arrived = modified_at(facts);
  origin.prices = reading_.prices;
  origin.writer = formats::Writer::present;
  return origin;
}

void FileFollower::look(const std::string& path, Choice choice, const std::stop_token& stop) {
  const auto* known = places_.find(path);
  const auto facts = session_facts(path);
  if (!facts) {
    if (facts.error().code == base::ErrorCode::io) complain(facts.error().message);
    return;
  }
  if (known != nullptr && known->facts == *facts) return;
  if (known == nullptr) known = places_.find_moved(*facts);
  if (known == nullptr && modified_at(*facts) < reading_.begin) return;
  auto resumption = follow::resume(path, place_of(path, known));
  if (!resumption) return complain(resumption.error().message);
  if (resumption->from_start) forget(path);
  read(path, std::move(*resumption), choice, stop);
}

/// Where a reader that is in memory stands, else what is remembered.
std::optional<follow::Place> FileFollower::place_of(const std::string& path,
                                                    const follow::Place* known) const {
  for (const auto* readers : {&held_, &live_}) {
    if (const auto reader = readers->find(path); reader != readers->end()) return reader->second.place;
  }
  return known != nullptr ? std::optional(*known) : std::nullopt;
}

void FileFollower::forget(const std::string& path) {
  held_.erase(path);
  live_.erase(path);
  relatives_.forget(path);
}

/// Null: none that is known, or too little of it is there yet.
const formats::Format* FileFollower::recognise(const std::string& path,
                                               const follow::Resumption& resumption) const {
  if (reading_.format != nullptr) return reading_.format;
  if (!resumption.place.format.empty()) return formats::find_format(resumption.place.format);
  std::string head(formats::k_head, '\0');
  const auto count = ::pread(resumption.file.get(), head.data(), head.size(), 0);
  head.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return formats::recognise(head, origin_of(path, resumption.place.facts));
}

void FileFollower::read(const std::string& path, follow::Resumption resumption, Choice choice,
                        const std::stop_token& stop) {
  const auto* format = recognise(path, resumption);
  if (format == nullptr) {
    const bool hopeless = choice == Choice::named && resumption.place.facts.size >= formats::k_head;
    if (hopeless) complain("no known format; name it with --format");
    return remember(path, resumption.place);
  }
  resumption.place.format = format->name;
  if (format->feed == formats::Format::Feed::file) {
    written_.insert(path);
    return read_database(path, std::move(resumption.place));
  }
  using Growth = formats::Format::Growth;
  switch (format->growth) {
    case Growth::by_lines:
      return read_lines(path, std::move(resumption), *format, stop);
    case Growth::by_reader:
      return read_on(path, std::move(resumption), *format, stop);
    case Growth::as_a_whole:
      return read_document(path, std::move(resumption), *format);
  }
}

FileFollower::Held FileFollower::take_up(const std::string& path, const follow::Resumption& resumption,
                                         const formats::Format& format) {
  if (auto held = held_.extract(path)) return std::move(held.mapped());
  Held fresh{resumption.place, format.open(origin_of(path, resumption.place.facts)), nullptr};
  if (!resumption.from_start) fresh.reader->resume(resumption.place.context);
  fresh.splitter = std::make_unique<formats::LineSplitter>(*fresh.reader, reading_.sink, format.max_line,
                                                           resumption.place.lines);
  return fresh;
}

bool FileFollower::feed(const std::string& path, const follow::Resumption& resumption, Held& held,
                        bool remembers, const std::stop_token& stop) {
  const auto& whole = resumption.place.facts;
  held.place.format = resumption.place.format;
  follow::LineTail tail(resumption.file.get(), held.place.offset, held.splitter->max_line());
  while (true) {
    const auto bytes = tail.next();
    if (!bytes) {
      complain("could not be read further: " + bytes.error().message);
      return false;
    }
    held.splitter->feed(*bytes);
    held.place.offset = tail.offset();
    held.place.lines = held.splitter->lines();
    // On the way a place must not look like that of a file that has been read to its end.
    held.place.facts = whole;
    if (!bytes->empty()) held.place.facts.size = std::min(whole.size, held.place.offset);
    if (auto noted = follow::note_head(resumption.file, held.place); !noted) {
      complain(noted.error().message);
      return false;
    }
    if (!reading_.all_taken()) return false;
    if (remembers && held.reader->settled() && !held.splitter->inside_line()) {
      held.place.context = held.reader->context();
      remember(path, held.place);
    }
    if (bytes->empty()) return true;
    if (stop.stop_requested()) return false;
  }
}

void FileFollower::read_lines(const std::string& path, follow::Resumption resumption,
                              const formats::Format& format, const std::stop_token& stop) {
  Held held = take_up(path, resumption, format);
  if (!feed(path, resumption, held, true, stop)) return;
  if (held.reader->settled() && !held.splitter->inside_line()) return;
  held.quiet_at = in_a_while();
  held_.emplace(path, std::move(held));
}

/// A place of such a file is where its reader was told of an end, so that catch_up() stands where it stood.
void FileFollower::read_on(const std::string& path, follow::Resumption resumption,
                           const formats::Format& format, const std::stop_token& stop) {
  auto live = live_.extract(path);
  auto held = live ? std::move(live.mapped()) : catch_up(path, resumption, format);
  if (!feed(path, resumption, held, false, stop)) return;
  held.reader->end(reading_.sink);
  if (!reading_.all_taken()) return;
  remember(path, held.place);
  // Before its first record is there, nobody can tell what it copies: the next look begins with a new reader.
  if (format.lineage == nullptr || relatives_.know(path)) keep_live(path, std::move(held));
}

/// A new reader that knows what is in front of the place, which was passed on before.
FileFollower::Held FileFollower::catch_up(const std::string& path, const follow::Resumption& resumption,
                                          const formats::Format& format) {
  const auto& place = resumption.place;
  auto origin = origin_of(path, place.facts);
  if (format.lineage != nullptr) origin.ledger = relatives_.ledger_of(path);
  Held fresh{place, format.open(origin), nullptr};
  Muted muted;
  formats::LineSplitter splitter(*fresh.reader, muted, format.max_line);
  follow::LineTail tail(resumption.file.get(), 0, format.max_line);
  while (tail.offset() < place.offset) {
    const auto begin = tail.offset();
    const auto bytes = tail.next();
    if (!bytes || bytes->empty()) break;
    splitter.feed(bytes->substr(0, place.offset - begin));
  }
  if (place.offset > 0) fresh.reader->end(muted);
  fresh.splitter = std::make_unique<formats::LineSplitter>(*fresh.reader, reading_.sink, format.max_line,
                                                           splitter.lines());
  return fresh;
}

/// The reader that was not used for longest makes room.
void FileFollower::keep_live(const std::string& path, Held held) {
  constexpr std::size_t k_most = 32;  // a reader of a long session has some MB
  held.used = ++uses_;
  held.quiet_at = held.reader->settled() ? base::Deadline::never() : in_a_while();
  live_.insert_or_assign(path, std::move(held));
  if (live_.size() <= k_most) return;
  live_.erase(std::ranges::min_element(live_, {}, [](const auto& entry) { return entry.second.used; }));
}

void FileFollower::read_document(const std::string& path, follow::Resumption resumption,
                                 const formats::Format& format) {
  auto opened = open_input(path);
  if (!opened) return complain(opened.error().message);
  if (resumption.from_start) sent_.forget(path);
  OnlyNew sink(sent_, path, reading_.sink);
  formats::read_all(*opened->stream, origin_of(path, resumption.place.facts), &format, sink);
  if (!reading_.all_taken()) return;
  auto& place = resumption.place;
  place.offset = place.facts.size;
  if (follow::note_head(resumption.file, place)) remember(path, place);
}

/// Its reader finds what has changed; of a session that has, it tells all again. A database's first bytes
/// change with it, so it is known by its inode alone.
void FileFollower::read_database(const std::string& path, follow::Place place) {
  const auto facts = session_facts(path);  // before it is read: what comes meanwhile is news afterwards
  if (!facts) return;
  const auto* known = places_.find(path);
  const bool goes_on = known != nullptr && known->format == place.format &&
                       known->facts.inode == facts->inode && known->facts.device == facts->device;
  auto origin = origin_of(path, *facts);
  origin.since = reading_.begin;
  const auto reader = formats::find_format(place.format)->open(origin);
  if (goes_on) {
    reader->resume(known->context);
  } else {
    sent_.forget(path);
  }
  OnlyNew sink(sent_, path, reading_.sink);
  reader->end(sink);
  if (!reading_.all_taken()) return;
  place.facts = *facts;
  place.offset = facts->size;
  place.context = reader->context();
  remember(path, place);
}

void FileFollower::confirm() {
  for (const auto& path : std::exchange(written_, {})) {
    if (const auto* known = places_.find(path)) read_database(path, *known);
  }
}

bool FileFollower::knows(const std::string& path) const {
  const auto facts = follow::facts_of(path);
  return facts && places_.find_moved(*facts) != nullptr;
}

base::Milliseconds FileFollower::until_settled() const {
  auto first = base::Deadline::never();
  for (const auto* readers : {&held_, &live_}) {
    for (const auto& [path, held] : *readers) {
      if (held.quiet_at.at() < first.at()) first = held.quiet_at;
    }
  }
  return first.at() == base::Ticks::max() ? base::Milliseconds(-1) : first.left(reading_.clock);
}

void FileFollower::settle() {
  const auto is_due = [this](const auto& entry) { return entry.second.quiet_at.reached(reading_.clock); };
  for (auto next = held_.begin(); (next = std::find_if(next, held_.end(), is_due)) != held_.end();) {
    auto& [path, held] = *next;
    held.reader->end(reading_.sink);
    if (reading_.all_taken() && !held.splitter->inside_line()) {
      held.place.context = held.reader->context();
      remember(path, held.place);
    }
    next = held_.erase(next);
  }
  // A new reader would tell again what comes out now; the server knows it by its ids.
  for (auto& [path, held] : live_) {
    if (!held.quiet_at.reached(reading_.clock)) continue;
    held.quiet_at = base::Deadline::never();
    held.reader->quiet(reading_.sink);
  }
}

void FileFollower::remember(const std::string& path, const follow::Place& place) {
  if (!reading_.kept()) return;
  const auto done = places_.remember(path, place);
  if (done || std::exchange(told_of_places_, true)) return;
  complain("the place is not remembered: " + done.error().message);
}

}  // namespace agentpipe::cli
