#include "agentpipe/delivery/spool_folder.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "agentpipe/base/log.hpp"
#include "agentpipe/model/json_writer.hpp"
#include "dead_file.hpp"
#include "json_text.hpp"
#include "source_files.hpp"
#include "spool_paths.hpp"

namespace agentpipe::delivery {

namespace {

namespace fs = std::filesystem;
using Kind = FolderEntry::Kind;
using Trust = FolderEntry::Trust;

/// Whose it is, without a look at what is in it.
SourceSummary glance(FileSystem& files, const fs::path& folder) {
  SourceSummary summary;
  summary.folder = folder;
  summary.source = folder.filename().string();
  auto lock = files.open(folder / k_lock_file, FileSystem::Open::read);
  if (!lock) return summary;
  std::string mark(k_heir_mark.size(), '\0');
  const auto got = (*lock)->read_at(0, mark.data(), mark.size());
  summary.is_inherited = got && mark == k_heir_mark;
  if (!(*lock)->lock(File::Hold::shared)) summary.owner = SourceSummary::Owner::alive;
  return summary;
}

std::uint64_t waiting_in(const SourceFiles& found) {
  if (found.last <= found.acknowledged) return 0;
  const auto dead = std::ranges::count_if(
      found.dead, [&found](RecordNumber number) { return number > found.acknowledged; });
  return found.last - found.acknowledged - static_cast<std::uint64_t>(dead);
}

/// Our own folders in a folder; others are reported and passed over.
base::Result<std::vector<fs::path>> folders_in(FileSystem& files, const fs::path& folder) {
  std::vector<fs::path> found;
  const auto entries = files.list(folder);
  if (!entries) return base::forward(entries);
  for (const FolderEntry& entry : *entries) {
    if (entry.kind == Kind::folder && entry.trust == Trust::ours) {
      found.push_back(folder / entry.name);
    } else if (entry.kind != Kind::file) {
      base::log(base::LogLevel::warn, "a spool folder is a link or may be changed by others; it is not read",
                {{"folder", (folder / entry.name).string()}});
    }
  }
  return found;
}

SourceSummary unreadable(const fs::path& folder, const base::Error& error) {
  SourceSummary summary;
  summary.folder = folder;
  summary.source = folder.filename().string();
  summary.trouble = error.message;
  return summary;
}

DeadLetter letter_of(const SpoolLine& line) {
  const auto object = nlohmann::json::parse(line.json, nullptr, /*allow_exceptions=*/false);
  DeadLetter letter{{line.number, {}}, {}, {}};
  if (!object.is_object()) return letter;
  letter.begins = text_of(object, "begins");
  letter.code = text_of(object, "code");
  letter.reason = text_of(object, "reason");
  const auto event = object.find("event");
  if (event != object.end()) letter.record.event = event->dump();
  return letter;
}

}  // namespace

base::Result<std::unique_ptr<DiskSpool>> SpoolFolder::create(DiskSpoolOptions options) {
  if (auto made = files_.make_folder(root_); !made) return base::forward(made);
  const fs::path destination = destination_of(options.destination);
  if (auto made = files_.make_folder(destination); !made) return base::forward(made);
  return DiskSpool::create(files_, clock_, space_, destination / new_source_name(), std::move(options));
}

base::Result<std::unique_ptr<DiskSpool>> SpoolFolder::adopt(const SourceSummary& source) {
  return DiskSpool::adopt(files_, clock_, space_, source.folder);
}

base::Result<std::vector<SourceSummary>> SpoolFolder::sources() {
  const auto destinations = folders_in(files_, root_);
  if (!destinations) return base::forward(destinations);
  std::vector<SourceSummary> all;
  for (const fs::path& destination : *destinations) {
    auto found = look_into(destination, [](const SourceSummary&) { return true; });
    if (!found) {
      all.push_back(unreadable(destination, found.error()));
    } else {
      std::ranges::move(*found, std::back_inserter(all));
    }
  }
  std::ranges::stable_sort(all, {}, &SourceSummary::created);
  return all;
}

base::Result<std::vector<SourceSummary>> SpoolFolder::orphans(std::string_view url) {
  auto found = look_into(destination_of(url), [](const SourceSummary& source) {
    return source.owner == SourceSummary::Owner::none;
  });
  if (!found) return found;
  std::erase_if(*found,
                [](const SourceSummary& source) { return source.waiting == 0 && source.trouble.empty(); });
  std::ranges::stable_sort(*found, {}, &SourceSummary::created);
  return found;
}

bool SpoolFolder::others_deliver(std::string_view url) {
  const auto found = look_into(destination_of(url), [](const SourceSummary& source) {
    return source.is_inherited && source.owner == SourceSummary::Owner::alive;
  });
  return found && std::ranges::any_of(*found, [](const SourceSummary& source) { return source.waiting > 0; });
}

fs::path SpoolFolder::destination_of(std::string_view url) const {
  return root_ / destination_name(url);
}

/// Reads only what is wanted as far as a glance tells: others may have gigabytes waiting.
base::Result<std::vector<SourceSummary>> SpoolFolder::look_into(const fs::path& destination, Wanted wanted) {
  const auto folders = folders_in(files_, destination);
  if (!folders) return base::forward(folders);
  std::vector<SourceSummary> found;
  for (const fs::path& folder : *folders) {
    if (!is_source_name(folder.filename().string())) continue;
    auto summary = glance(files_, folder);
    if (!wanted(summary)) continue;
    const auto surveyed = survey(summary);
    if (!surveyed && surveyed.error().code == base::ErrorCode::not_found) continue;  // it has just ended
    if (!surveyed) summary.trouble = surveyed.error().message;
    found.push_back(std::move(summary));
  }
  return found;
}

base::Result<void> SpoolFolder::survey(SourceSummary& summary) {
  // Files that vanish meanwhile: one more look shows what is there now.
  constexpr int k_most_looks = 3;
  auto found = survey_source(files_, summary.folder, Survey::look);
  for (int looks = 1; !found && found.error().code == base::ErrorCode::not_found && looks < k_most_looks;
       ++looks) {
    found = survey_source(files_, summary.folder, Survey::look);
  }
  if (!found) return base::forward(found);
  if (found->header) {
    summary.destination = found->header->destination;
    summary.created = found->header->created;
    summary.client = found->header->client;
  }
  summary.waiting = waiting_in(*found);
  summary.dead_letters = found->dead_letters;
  summary.damaged_segments = found->damaged_segments;
  summary.damage = found->damage;
  for (const Segment& segment : found->segments) summary.bytes += segment.bytes;
  return {};
}

base::Result<void> SpoolFolder::each_letter(const SourceSummary& source,
                                            const std::function<void(const DeadLetter&)>& take) {
  return DeadFile(files_, source.folder).each_line([&take](const SpoolLine& line) { take(letter_of(line)); });
}

base::Result<void> SpoolFolder::forget_letters(const SourceSummary& source) {
  {
    const auto spool = adopt(source);
    if (!spool) return base::forward(spool);
    if (auto done = DeadFile(files_, source.folder).forget_events(); !done) return done;
  }
  if (const auto rest = adopt(source)) (*rest)->finish();  // without letters nothing may be left of use
  return {};
}

base::Result<void> SpoolFolder::remove(const SourceSummary& source) {
  const auto lock = files_.open(source.folder / k_lock_file, FileSystem::Open::modify);
  // Without a lock it has no process: an attempt to delete it was cut off.
  if (!lock && lock.error().code != base::ErrorCode::not_found) return base::forward(lock);
  if (lock && !take_source(**lock, clock_)) {
    return base::failure(base::ErrorCode::conflict, "a running process still uses " + source.source);
  }
  for (const fs::path& folder : {source.folder / k_damaged_folder, source.folder}) {
    const auto entries = files_.list(folder);
    if (!entries) return base::forward(entries);
    for (const FolderEntry& entry : *entries) {
      if (entry.kind == Kind::folder) continue;
      if (auto removed = files_.remove(folder / entry.name); !removed) return removed;
    }
    if (entries->empty()) continue;
    if (auto removed = files_.remove_folder(folder); !removed) return removed;
  }
  return {};
}

Journal SpoolFolder::journal(std::string_view url) {
  Journal journal{std::string(url), {}, {}, {}};
  auto file = files_.open(root_ / destination_name(url) / k_journal_file, FileSystem::Open::read);
  if (!file) return journal;
  std::string bytes(4096, '\0');
  const auto got = (*file)->read_at(0, bytes.data(), bytes.size());
  bytes.resize(got ? *got : 0);
  const auto object = nlohmann::json::parse(bytes, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return journal;
  journal.last_delivery = text_of(object, "last_delivery");
  journal.last_trouble = text_of(object, "last_trouble");
  journal.last_trouble_at = text_of(object, "last_trouble_at");
  return journal;
}

void SpoolFolder::write_journal(const Journal& journal) {
  std::string json;
  model::JsonWriter(json)
      .begin_object()
      .field("url", journal.url)
      .field("last_delivery", journal.last_delivery)
      .field("last_trouble", journal.last_trouble)
      .field("last_trouble_at", journal.last_trouble_at)
      .end_object();
  const fs::path folder = root_ / destination_name(journal.url);
  const fs::path fresh = folder / (new_source_name() + ".tmp");
  base::Result<void> done = files_.make_folder(folder);
  if (done) {
    auto file = files_.open(fresh, FileSystem::Open::create);
    done = file ? (*file)->append(json + "\n") : base::Result<void>(base::forward(file));
  }
  if (done) done = files_.rename(fresh, folder / k_journal_file);
  if (done) return;
  base::log(base::LogLevel::debug, "cannot write the journal", {{"detail", done.error().message}});
  [[maybe_unused]] const auto removed = files_.remove(fresh);
}

}  // namespace agentpipe::delivery
