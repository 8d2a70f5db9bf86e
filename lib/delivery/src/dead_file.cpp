#include "dead_file.hpp"

#include "agentpipe/model/json_writer.hpp"
#include "line_reader.hpp"
#include "spool_paths.hpp"

namespace agentpipe::delivery {

base::Result<void> DeadFile::add(const DeadLetter& letter, base::Timestamp at) {
  std::string json;
  model::JsonWriter writer(json);
  writer.begin_object()
      .field("code", letter.code)
      .field("reason", letter.reason)
      .field("at", base::format_rfc3339(at));
  if (letter.record.number == 0) {
    writer.field("begins", letter.begins);
  } else {
    writer.key("event").raw(letter.record.event);
  }
  writer.end_object();
  auto file = files_.open(folder_ / k_dead_file, FileSystem::Open::update);
  if (!file) return base::forward(file);
  const auto size = (*file)->size();
  if (!size) return base::forward(size);
  // A torn line of an earlier life must not swallow this one.
  const std::string line = (*size > 0 ? "\n" : "") + encode_line(letter.record.number, json);
  if (auto done = (*file)->write_at(*size, line); !done) {
    [[maybe_unused]] const auto cut = (*file)->truncate(*size);  // half a letter is of no use
    return done;
  }
  if (auto done = (*file)->sync(); !done) return done;
  // Each time: an attempt that failed may have made the file already. Dead letters are rare.
  return files_.sync_folder(folder_);
}

base::Result<void> DeadFile::each_line(const std::function<void(const SpoolLine&)>& take) const {
  auto file = files_.open(folder_ / k_dead_file, FileSystem::Open::read);
  if (!file && file.error().code == base::ErrorCode::not_found) return {};
  if (!file) return base::forward(file);
  LineReader reader(**file);
  while (true) {
    const auto item = reader.next();
    if (!item) return base::forward(item);
    if (item->kind == LineReader::Kind::record) take(item->line);
    if (item->kind == LineReader::Kind::end || item->kind == LineReader::Kind::torn) return {};
  }
}

void DeadFile::remove_empty() {
  const auto file = files_.open(folder_ / k_dead_file, FileSystem::Open::read);
  const auto size = file ? (*file)->size() : base::forward(file);
  [[maybe_unused]] base::Result<void> removed;
  if (size && *size == 0) removed = files_.remove(folder_ / k_dead_file);
}

base::Result<void> DeadFile::forget_events() {
  std::string rest;
  const auto take = [&rest](const SpoolLine& line) {
    if (line.number == 0) rest += encode_line(0, line.json);
  };
  if (auto read = each_line(take); !read) return read;
  base::Result<void> done;
  if (rest.empty()) {
    done = files_.remove(folder_ / k_dead_file);
  } else {
    const auto fresh = folder_ / k_fresh_dead_file;
    [[maybe_unused]] const auto removed = files_.remove(fresh);  // of an attempt that was cut off
    auto file = files_.open(fresh, FileSystem::Open::create);
    if (!file) return base::forward(file);
    done = (*file)->append(rest);
    if (done) done = (*file)->sync();
    if (done) done = files_.rename(fresh, folder_ / k_dead_file);
  }
  return done ? files_.sync_folder(folder_) : done;
}

}  // namespace agentpipe::delivery
