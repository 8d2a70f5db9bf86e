#include "upload_families.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <map>

#include "agentpipe/formats/reader.hpp"

namespace agentpipe::cli {
namespace {

namespace fs = std::filesystem;
using Members = std::vector<std::size_t>;

void learn_lineages(std::vector<Input>& inputs, const fs::path& working_directory) {
  for (auto& input : inputs) {
    const bool readable = !input.is_standard_input() && input.obstacle.empty();
    if (readable && !input.lineage) input.lineage = lineage_of(working_directory / input.path);
  }
}

bool has_lineage(const Input& input) {
  return input.lineage && !input.lineage->empty();
}

std::map<std::string_view, Members> families_in(const std::vector<Input>& inputs) {
  std::map<std::string_view, Members> families;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (has_lineage(inputs[i])) families[*inputs[i].lineage].push_back(i);
  }
  return families;
}

void sort_by_age(Members& members, const std::vector<Input>& inputs, const fs::path& working_directory) {
  std::map<std::size_t, std::int64_t> births;
  for (const auto index : members) births[index] = birth_of(working_directory / inputs[index].path);
  std::ranges::stable_sort(members, {}, [&](std::size_t index) { return births[index]; });
}

}  // namespace

std::string lineage_of(const fs::path& path) {
  const auto opened = open_input(path);
  if (!opened) return {};
  std::string head(formats::k_head, '\0');
  opened->stream->read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(opened->stream->gcount()));
  const formats::Origin origin{path.filename().string(), opened->modified, path};
  const auto* format = formats::recognise(head, origin);
  return format == nullptr || format->lineage == nullptr ? std::string() : format->lineage(head, origin);
}

std::int64_t birth_of(const fs::path& path) {
  constexpr std::int64_t k_second = 1'000'000'000;
  struct statx facts {};
  if (::statx(AT_FDCWD, path.c_str(), AT_SYMLINK_NOFOLLOW, STATX_BTIME | STATX_MTIME, &facts) != 0) return 0;
  const auto& time = (facts.stx_mask & STATX_BTIME) != 0 ? facts.stx_btime : facts.stx_mtime;
  return time.tv_sec * k_second + time.tv_nsec;
}

void join_families(std::vector<Input>& inputs, const fs::path& working_directory) {
  if (inputs.size() < 2) return;
  learn_lineages(inputs, working_directory);
  auto families = families_in(inputs);
  std::vector<Input> joined;
  joined.reserve(inputs.size());
  std::vector<bool> taken(inputs.size(), false);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (taken[i]) continue;
    Members members{i};
    if (has_lineage(inputs[i])) members = families[*inputs[i].lineage];
    if (members.size() > 1) sort_by_age(members, inputs, working_directory);
    const auto ledger = members.size() > 1 ? std::make_shared<formats::Ledger>() : nullptr;
    for (const auto index : members) {
      taken[index] = true;
      joined.push_back(inputs[index]);  // the map's keys look into the inputs
      joined.back().ledger = ledger;
    }
  }
  inputs = std::move(joined);
}

}  // namespace agentpipe::cli
