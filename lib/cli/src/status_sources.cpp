#include "status_sources.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "agentpipe/base/text.hpp"
#include "agentpipe/follow/path_pattern.hpp"
#include "upload_memory.hpp"

namespace agentpipe::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::size_t k_date = 10;

/// What the other commands remember; nothing of what they never wrote.
class Remembered {
 public:
  Remembered(const std::string& url, const World& world) {
    std::error_code error;
    if (auto uploads = UploadMemory::open_latest(world.paths.state, url)) uploads_ = std::move(*uploads);
    const auto offsets = world.paths.state / "offsets";
    if (!fs::exists(offsets, error)) return;
    if (auto places = follow::Places::open(offsets)) places_ = std::move(*places);
  }
  [[nodiscard]] bool has(const FoundFile& file) const {
    if (uploads_ && uploads_->find(file.path, file.facts)) return true;
    const auto* place = places_ ? places_->find(file.path.native()) : nullptr;
    return place != nullptr && place->facts == file.facts && !place->format.empty();
  }

 private:
  std::optional<UploadMemory> uploads_;
  std::optional<follow::Places> places_;
};

/// When the tool may delete a file.
class Retentions {
 public:
  Retentions(const Source& source, const World& world) {
    for (const auto& home : homes_of(source, world)) {
      std::error_code error;
      const auto real = fs::weakly_canonical(home, error);
      if (const auto days = days_kept(source, home); days && !error) days_.emplace_back(real, *days);
    }
  }
  [[nodiscard]] std::optional<unsigned> of(const fs::path& file) const {
    const auto home =
        std::ranges::find_if(days_, [&](const auto& each) { return follow::lies_below(file, each.first); });
    return home == days_.end() ? std::nullopt : std::optional(home->second);
  }

 private:
  std::vector<std::pair<fs::path, unsigned>> days_;
};

bool is_in_danger(const FoundFile& file, unsigned days, base::Timestamp now) {
  return file.modified() + std::chrono::days(days) < now + std::chrono::days(k_soon_days);
}

SourceState state_of(FoundSource found, const Remembered& remembered, const World& world) {
  SourceState state;
  const Retentions retentions(*found.source, world);
  const auto now = world.clock.now();
  for (const auto& file : found.files) {
    const auto days = retentions.of(file.path);
    if (days) state.days_kept = std::min(*days, state.days_kept.value_or(*days));
    if (remembered.has(file)) continue;
    ++state.not_uploaded;
    if (file.modified() + k_resting >= now) ++state.in_use;
    if (days && is_in_danger(file, *days, now)) ++state.in_danger;
  }
  state.found = std::move(found);
  return state;
}

std::string oldest_of(const FoundSource& found) {
  return base::format_rfc3339(*found.oldest());
}

std::string line_of(const SourceState& state) {
  const auto files = state.found.files.size();
  return std::string(state.found.source->label) + ": " + base::counted(files, "file") + ", " +
         base::human_bytes(state.found.bytes()) + ", oldest " + oldest_of(state.found).substr(0, k_date) +
         "; " + base::group_digits(state.not_uploaded) + " not uploaded" +
         (state.in_use > 0 ? ", " + base::group_digits(state.in_use) + " of them being written" : "");
}

std::string warning_of(const SourceState& state) {
  return std::string(state.found.source->label) + " deletes " + base::group_digits(state.in_danger) +
         " of these within " + std::to_string(k_soon_days) +
         " days; keep them with: agentpipe-bridge upload --all";
}

}  // namespace

std::vector<SourceState> look_at_sources(const config::ClientSettings& settings, const World& world) {
  const Remembered remembered(*settings.url, world);
  std::vector<const Source*> all;
  for (const auto& source : all_sources()) all.push_back(&source);
  std::vector<SourceState> states;
  for (auto& found : find_sessions(all, projects_of(settings, world), world))
    states.push_back(state_of(std::move(found), remembered, world));
  return states;
}

std::string text_of(const std::vector<SourceState>& sources, const std::string& label,
                    const std::string& indent) {
  std::string text;
  const auto add = [&](const std::string& line) { text += (text.empty() ? label : indent) + line + "\n"; };
  for (const auto& state : sources) {
    add(line_of(state));
    if (state.in_danger > 0) add(warning_of(state));
  }
  return text;
}

Json json_of(const std::vector<SourceState>& sources) {
  Json list = Json::array();
  for (const auto& state : sources) {
    Json row = {{"name", state.found.source->name},
                {"label", state.found.source->label},
                {"files", state.found.files.size()},
                {"bytes", state.found.bytes()},
                {"oldest", oldest_of(state.found)},
                {"not_uploaded", state.not_uploaded},
                {"in_use", state.in_use},
                {"deleted_soon", state.in_danger},
                {"soon_days", k_soon_days}};
    row["days_kept"] = state.days_kept ? Json(*state.days_kept) : Json();
    list.push_back(std::move(row));
  }
  return list;
}

}  // namespace agentpipe::cli
