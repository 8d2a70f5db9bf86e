#include "follow_file.hpp"

#include <unistd.h>

#include <filesystem>
#include <functional>

#include "agentpipe/base/log.hpp"
#include "agentpipe/formats/read_all.hpp"
#include "agentpipe/model/codec.hpp"
#include "sessions_found.hpp"
#include "upload_inputs.hpp"

namespace agentpipe::cli {

namespace {

/// The file ended, not the session: somebody may still be writing.
bool is_mere_end(const model::Event& event) {
  const auto* completed = std::get_if<model::ConversationCompleted>(&event.body);
  return completed != nullptr && completed->status == model::Status::interrupted;
}

/// Of a file that is read anew: passes on what the last reading did not. A document that is being written is
/// no news, and neither is what is wrong with it.
class OnlyNew final : public formats::Sink {
 public:
  OnlyNew(SentEvents& sent, const std::string& path, formats::Sink& sink)
      : sent_(sent), path_(path), sink_(sink) {}

  void event(model::Event event) override {
    if (!is_mere_end(event) && sent_.add(path_, event)) sink_.event(std::move(event));
  }
  void skipped(formats::Skip why, std::uint64_t line) override { sink_.skipped(why, line); }
  void problem(formats::Problem problem) override {
    base::log(base::LogLevel::debug, "a place of a followed file cannot be read yet",
              {{"file", path_}, {"line", std::to_string(problem.line)}, {"reason", problem.reason}});
  }

 private:
  SentEvents& sent_;
  const std::string& path_;
  formats::Sink& sink_;
};

}  // namespace

bool SentEvents::add(const std::string& path, const model::Event& event) {
  constexpr std::size_t k_most = 1'000'000;  // some 40 MB
  if (count_ >= k_most) {
    files_.clear();
    count_ = 0;
  }
  const auto mark = std::hash<std::string>{}(model::encode_event(event));
  const bool is_new = files_[path].insert(mark).second;
  if (is_new) ++count_;
  return is_new;
}

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
  const auto facts = follow::facts_of(path);
  if (!facts) {
    if (facts.error().code == base::ErrorCode::io) complain(facts.error().message);
    return;
  }
  if (known != nullptr && known->facts == *facts) return;
  if (known == nullptr) known = places_.find_moved(*facts);
  if (known == nullptr && modified_at(*facts) < reading_.begin) return;
  const auto held = held_.find(path);
  auto resumption = follow::resume(path, held != held_.end() ? std::optional(held->second.place)
                                         : known != nullptr  ? std::optional(*known)
                                                             : std::nullopt);
  if (!resumption) return complain(resumption.error().message);
  if (resumption->from_start) forget(path);
  read(path, std::move(*resumption), choice, stop);
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
  if (format->growth == formats::Format::Growth::by_lines) {
    read_lines(path, std::move(resumption), *format, stop);
  } else {
    read_document(path, std::move(resumption), *format);
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

void FileFollower::read_lines(const std::string& path, follow::Resumption resumption,
                              const formats::Format& format, const std::stop_token& stop) {
  Held held = take_up(path, resumption, format);
  held.place.facts = resumption.place.facts;
  held.place.format = format.name;
  follow::LineTail tail(resumption.file.get(), held.place.offset, format.max_line);
  bool more = true;
  while (more) {
    const auto bytes = tail.next();
    if (!bytes) return complain("could not be read further: " + bytes.error().message);
    more = !bytes->empty();
    held.splitter->feed(*bytes);
    held.place.offset = tail.offset();
    held.place.lines = held.splitter->lines();
    if (auto noted = follow::note_head(resumption.file, held.place); !noted)
      return complain(noted.error().message);
    if (!reading_.all_taken()) return;
    if (held.reader->settled() && !held.splitter->inside_line()) {
      held.place.context = held.reader->context();
      remember(path, held.place);
    }
    if (more && stop.stop_requested()) return;
  }
  if (!held.reader->settled() || held.splitter->inside_line()) held_.emplace(path, std::move(held));
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

bool FileFollower::knows(const std::string& path) const {
  const auto facts = follow::facts_of(path);
  return facts && places_.find_moved(*facts) != nullptr;
}

void FileFollower::settle() {
  for (auto& [path, held] : std::exchange(held_, {})) {
    held.reader->end(reading_.sink);
    if (!reading_.all_taken() || held.splitter->inside_line()) continue;
    held.place.context = held.reader->context();
    remember(path, held.place);
  }
}

void FileFollower::remember(const std::string& path, const follow::Place& place) {
  if (!reading_.kept()) return;
  const auto done = places_.remember(path, place);
  if (done || std::exchange(told_of_places_, true)) return;
  complain("the place is not remembered: " + done.error().message);
}

}  // namespace agentpipe::cli
