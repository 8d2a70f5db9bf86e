#include "stream_follow.hpp"

#include <algorithm>

#include "agentpipe/base/text.hpp"
#include "sessions_found.hpp"

namespace agentpipe::cli {

namespace {

namespace fs = std::filesystem;

/// A changed file is noticed after this where it has to be looked for.
constexpr base::Milliseconds k_between_looks{1000};
/// Looking takes at most one part in so many of the time.
constexpr int k_rest_after_look = 100;
/// Between writing a transaction and letting others read it a program takes less.
constexpr base::Milliseconds k_commit{50};

}  // namespace

base::Result<std::vector<follow::PathPattern>> followed_roots(const std::vector<std::string>& paths,
                                                              const fs::path& working_directory) {
  std::vector<follow::PathPattern> roots;
  for (const auto& path : paths) {
    auto root = (working_directory / path).lexically_normal();
    if (!root.has_filename()) root = root.parent_path();
    std::error_code error;
    if (fs::symlink_status(root, error).type() == fs::file_type::directory) {
      roots.emplace_back(std::move(root), "**");
    } else if (const auto facts = follow::facts_of(root.string()); facts) {
      roots.push_back(follow::PathPattern::file(std::move(root)));
    } else {
      return base::forward(facts);
    }
  }
  return roots;
}

Follower::Follower(std::vector<follow::PathPattern> roots, FileFollower::Reading reading, const Parts& parts)
    : roots_(std::move(roots)), parts_(parts), files_(std::move(reading), parts.places) {}

void Follower::run() {
  look_at_everything();
  while (!stopped()) {
    const auto longest = patience();
    const auto changes = parts_.watch.wait(longest, parts_.control.end_of_input().fd());
    if (stopped()) return;
    if (changes.anything || (changes.paths.empty() && blind_somewhere_)) {
      look_at_everything();
    } else {
      seen_ = 0;
      for (const auto& path : changes.paths) look_at(session_file_of(path));
    }
    if (changes.paths.empty() && longest == k_commit) files_.confirm();
    files_.settle();
  }
}

base::Milliseconds Follower::patience() const {
  if (!files_.is_confirmed()) return k_commit;
  const auto until_settled = files_.until_settled();
  if (!blind_somewhere_) return until_settled;
  const auto until_look = std::max(k_between_looks, last_look_ * k_rest_after_look);
  return until_settled.count() < 0 ? until_look : std::min(until_settled, until_look);
}

void Follower::look_at_everything() {
  const auto begin = parts_.clock.ticks();
  seen_ = 0;
  for (const auto& root : roots_) look_at_root(root);
  last_look_ = std::chrono::duration_cast<base::Milliseconds>(parts_.clock.ticks() - begin);
}

void Follower::look_at_root(const follow::PathPattern& root) {
  if (stopped()) return;
  std::error_code gone;
  const auto type = fs::symlink_status(root.folder(), gone).type();
  if (type == fs::file_type::directory) return look_into(root.folder());
  if (type != fs::file_type::regular) return wait_for(root.folder());
  watch(root.folder().parent_path());
  look_at_file(root.folder());
}

void Follower::look_at_roots_below(const fs::path& folder) {
  for (const auto& root : roots_) {
    if (root.folder() != folder && follow::lies_below(root.folder(), folder)) look_at_root(root);
  }
}

/// Watches the nearest folder that is there: where the next one will be made.
void Follower::wait_for(const fs::path& missing) {
  std::error_code gone;
  auto folder = missing.parent_path();
  while (folder.has_relative_path() && !fs::is_directory(folder, gone)) folder = folder.parent_path();
  watch(folder);
}

/// Our own files are written whenever something is read: following them would never end.
bool Follower::is_own(const fs::path& path) const {
  return follow::lies_below(path, parts_.places.folder());
}

bool Follower::is_wanted(const fs::path& file) const {
  return !is_own(file) &&
         std::ranges::any_of(roots_, [&](const follow::PathPattern& root) { return root.matches(file); });
}

bool Follower::leads_to_wanted(const fs::path& folder) const {
  return !is_own(folder) && std::ranges::any_of(roots_, [&](const follow::PathPattern& root) {
    return root.leads_below(folder);
  });
}

/// Also at a file that was moved away: its last lines may not have been read.
void Follower::look_at(const fs::path& path) {
  if (stopped()) return;
  std::error_code gone;
  const auto type = fs::symlink_status(path, gone).type();
  if (type == fs::file_type::directory) {
    if (leads_to_wanted(path)) look_into(path);
    look_at_roots_below(path);
  } else if (type == fs::file_type::regular) {
    if (is_wanted(path) || files_.knows(path.string())) look_at_file(path);
  } else if (type == fs::file_type::not_found) {
    watched_.erase(path);
    files_.forget(path.string());
    if (leads_to_wanted(path)) wait_for(path);
  }
}

/// The watch comes first: what is made while the folder is read is news then.
void Follower::look_into(const fs::path& folder) {
  watch(folder);
  std::error_code error;
  const auto options = fs::directory_options::skip_permission_denied;
  for (fs::recursive_directory_iterator entry(folder, options, error), end;
       !error && entry != end && !stopped(); entry.increment(error)) {
    std::error_code gone;
    const auto type = entry->symlink_status(gone).type();
    if (type == fs::file_type::regular && is_wanted(entry->path())) look_at_file(entry->path());
    if (type != fs::file_type::directory) continue;
    if (entry.depth() >= k_deepest_folder || !leads_to_wanted(entry->path())) {
      entry.disable_recursion_pending();
    } else {
      watch(entry->path());
    }
  }
}

void Follower::look_at_file(const fs::path& path) {
  if (++seen_ == k_max_followed + 1) {
    files_.complain("more than " + base::group_digits(k_max_followed) +
                    " files are to be followed; the rest is not. Name smaller folders");
  }
  if (seen_ > k_max_followed) return;
  current_ = path.string();
  const bool named = std::ranges::find(roots_, path, &follow::PathPattern::folder) != roots_.end();
  files_.look(current_, named ? FileFollower::Choice::named : FileFollower::Choice::found,
              parts_.control.no_more_input());
}

void Follower::watch(const fs::path& folder) {
  if (!watched_.insert(folder).second) return;
  if (!parts_.watch.add(folder)) blind_somewhere_ = true;
}

}  // namespace agentpipe::cli
