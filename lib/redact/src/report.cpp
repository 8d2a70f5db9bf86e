#include "agentpipe/redact/report.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "agentpipe/base/text.hpp"

namespace agentpipe::redact {

void Report::add(std::string_view kind, std::uint64_t count) {
  const auto place = counts_.find(kind);
  if (place != counts_.end()) {
    place->second += count;
  } else {
    counts_.emplace(kind, count);
  }
}

void Report::add(const Report& other) {
  for (const auto& [kind, count] : other.counts_) add(kind, count);
}

std::uint64_t Report::total() const {
  return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& entry) { return sum + entry.second; });
}

std::string by_kind(const Report& report) {
  std::vector<std::pair<std::string, std::uint64_t>> rows(report.counts().begin(), report.counts().end());
  std::ranges::stable_sort(rows, std::greater<>(), [](const auto& row) { return row.second; });
  std::string text;
  for (const auto& [kind, count] : rows) {
    text.append(text.empty() ? "" : ", ").append(base::group_digits(count)).append(" ").append(kind);
  }
  return text;
}

std::string sentence(const Report& report) {
  if (report.empty()) return {};
  const auto total = report.total();
  return base::counted(total, "secret") + " replaced (" + by_kind(report) + ")";
}

}  // namespace agentpipe::redact
