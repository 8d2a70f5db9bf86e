#include "follow_relatives.hpp"

#include <algorithm>
#include <vector>

#include "agentpipe/formats/read_all.hpp"
#include "follow_sent.hpp"
#include "upload_families.hpp"
#include "upload_inputs.hpp"

namespace agentpipe::cli {
namespace {

namespace fs = std::filesystem;

/// Some kilobytes each; then they are made again.
constexpr std::size_t k_most_ledgers = 1000;

/// Files beside this one that were there before it and begin with the same record, the oldest first.
std::vector<fs::path> older_relatives(const fs::path& file, const std::string& lineage) {
  std::vector<std::pair<std::int64_t, fs::path>> found;
  const auto birth = birth_of(file);
  std::error_code error;
  for (fs::directory_iterator entry(file.parent_path(), error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    const auto& other = entry->path();
    if (other == file || other.extension() != file.extension()) continue;
    const auto other_birth = birth_of(other);
    if (other_birth < birth && lineage_of(other) == lineage) found.emplace_back(other_birth, other);
  }
  std::ranges::sort(found);
  std::vector<fs::path> relatives;
  for (auto& [when, path] : found) relatives.push_back(std::move(path));
  return relatives;
}

void enter(const fs::path& file, const std::shared_ptr<formats::Ledger>& ledger) {
  const auto opened = open_input(file);
  if (!opened) return;
  formats::Origin origin{file.filename().string(), opened->modified, file, formats::Writer::present};
  origin.ledger = ledger;
  Muted muted;
  formats::read_all(*opened->stream, origin, nullptr, muted);
}

}  // namespace

std::shared_ptr<formats::Ledger> Relatives::ledger_of(const fs::path& file) {
  if (const auto known = ledgers_.find(file.native()); known != ledgers_.end()) return known->second;
  const auto lineage = lineage_of(file);
  if (lineage.empty()) return nullptr;  // its first record may still come
  if (ledgers_.size() >= k_most_ledgers) ledgers_.clear();
  auto& ledger = ledgers_[file.native()];
  const auto relatives = older_relatives(file, lineage);
  if (!relatives.empty()) ledger = std::make_shared<formats::Ledger>();
  for (const auto& relative : relatives) enter(relative, ledger);
  return ledger;
}

}  // namespace agentpipe::cli
