#include "upload_memory.hpp"

#include "agentpipe/base/crypto.hpp"
#include "agentpipe/base/text.hpp"
#include "versions.hpp"

namespace agentpipe::cli {
namespace {

namespace fs = std::filesystem;

fs::path folder_in(const fs::path& state) {
  return state / "uploaded";
}

std::string short_hash(const std::string& text) {
  constexpr std::size_t k_digits = 16;
  return base::sha256_hex(text).substr(0, k_digits);
}

}  // namespace

base::Result<UploadMemory> UploadMemory::open(const fs::path& state, const Server& server) {
  const auto name = short_hash(server.url) + "-" + short_hash(server.database);
  auto places = follow::Places::open(folder_in(state) / name);
  if (!places) return base::forward(places);
  return UploadMemory(std::move(*places));
}

base::Result<UploadMemory> UploadMemory::open_latest(const fs::path& state, const std::string& url) {
  fs::path latest;
  fs::file_time_type latest_time;
  std::error_code error;
  const auto prefix = short_hash(url) + "-";
  for (fs::directory_iterator entry(folder_in(state), error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    const auto name = entry->path().filename().string();
    if (!name.starts_with(prefix) || name.ends_with(".lock")) continue;
    std::error_code gone;
    const auto time = entry->last_write_time(gone);
    if (!gone && (latest.empty() || time > latest_time)) {
      latest = entry->path();
      latest_time = time;
    }
  }
  if (latest.empty()) return base::failure(base::ErrorCode::not_found, "nothing was uploaded to " + url);
  auto places = follow::Places::open(latest);
  if (!places) return base::forward(places);
  return UploadMemory(std::move(*places));
}

std::optional<UploadMemory::Uploaded> UploadMemory::find(const fs::path& path,
                                                         const follow::Facts& facts) const {
  const auto* place = places_.find(path.native());
  if (place == nullptr || place->facts != facts || place->format != program_version()) return std::nullopt;
  using End = Uploaded::End;
  return Uploaded{place->lines, place->context, place->offset == facts.size ? End::told : End::open};
}

base::Result<void> UploadMemory::remember(const fs::path& path, const follow::Facts& facts,
                                          const Uploaded& uploaded) {
  follow::Place place;
  place.facts = facts;
  // From where on the rest is still to be told.
  place.offset = uploaded.end == Uploaded::End::told ? facts.size : 0;
  place.lines = uploaded.sessions;
  place.format = program_version();
  place.context = uploaded.lineage;
  return places_.remember(path.native(), std::move(place));
}

}  // namespace agentpipe::cli
