#include "spool_sources.hpp"

#include <algorithm>

namespace agentpipe::cli {

base::Result<std::vector<delivery::SourceSummary>> chosen_sources(delivery::SpoolFolder& folder,
                                                                  const std::vector<std::string>& names) {
  auto all = folder.sources();
  if (!all || names.empty()) return all;
  std::vector<delivery::SourceSummary> chosen;
  for (const std::string& name : names) {
    const auto fits = [&name](const delivery::SourceSummary& source) {
      return source.source.starts_with(name);
    };
    const auto count = std::ranges::count_if(*all, fits);
    if (count == 0) {
      return base::failure(base::ErrorCode::not_found,
                           "no source begins with " + name + "; agentpipe-bridge spool ls shows them");
    }
    if (count > 1) {
      return base::failure(base::ErrorCode::conflict,
                           "several sources begin with " + name + "; name more of it");
    }
    chosen.push_back(*std::ranges::find_if(*all, fits));
  }
  return chosen;
}

void note_in_journal(delivery::SpoolFolder& folder, const std::string& url, std::uint64_t delivered,
                     const std::string& trouble, const base::Clock& clock) {
  if (delivered == 0 && trouble.empty()) return;
  delivery::Journal journal = folder.journal(url);
  const std::string now = base::format_rfc3339(clock.now());
  if (delivered > 0) journal.last_delivery = now;
  if (!trouble.empty()) {
    journal.last_trouble = trouble;
    journal.last_trouble_at = now;
  }
  folder.write_journal(journal);
}

}  // namespace agentpipe::cli
