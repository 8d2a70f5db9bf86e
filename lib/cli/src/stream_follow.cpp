#include "stream_follow.hpp"

#include <algorithm>

#include "agentpipe/base/text.hpp"

namespace agentpipe::cli {

namespace {

namespace fs = std::filesystem;

/// A changed file is noticed after this where it has to be looked for.
constexpr base::Milliseconds k_between_looks{1000};
/// Looking takes at most one part in so many of the time.
constexpr int k_rest_after_look = 100;
/// Silence after which an entry that waits for its twin stands alone.
constexpr base::Milliseconds k_quiet{2000};
constexpr int k_deepest = 32;

bool lies_below(const fs::path& path, const fs::path& folder) {
  const auto end = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return end.first == folder.end();
}

}  // namespace

base::Result<std::vector<fs::path>> followed_roots(const std::vector<std::string>& paths,
                                                   const fs::path& working_directory) {
  std::vector<fs::path> roots;
  for (const auto& path : paths) {
    auto root = (working_directory / path).lexically_normal();
    if (!root.has_filename()) root = root.parent_path();
    std::error_code error;
    if (fs::symlink_status(root, error).type() != fs::file_type::directory) {
      if (const auto facts = follow::facts_of(root.string()); !facts) return base::forward(facts);
    }
    roots.push_back(std::move(root));
  }
  return roots;
}

Follower::Follower(std::vector<fs::path> roots, FileFollower::Reading reading, const Parts& parts)
    : roots_(std::move(roots)), parts_(parts), files_(std::move(reading), parts.places) {}

void Follower::run() {
  look_at_everything();
  while (!stopped()) {
    const auto longest = patience();
    const auto changes = parts_.watch.wait(longest, parts_.control.wake_fd());
    if (stopped()) return;
    if (changes.anything || (changes.paths.empty() && blind_somewhere_)) {
      look_at_everything();
    } else {
      seen_ = 0;
      for (const auto& path : changes.paths) look_at(path);
    }
    if (changes.paths.empty()) files_.settle();
  }
}

base::Milliseconds Follower::patience() const {
  if (blind_somewhere_) return std::max(k_between_looks, last_look_ * k_rest_after_look);
  return files_.is_settled() ? base::Milliseconds(-1) : k_quiet;
}

void Follower::look_at_everything() {
  const auto begin = parts_.clock.ticks();
  seen_ = 0;
  for (const auto& root : roots_) {
    std::error_code gone;
    if (fs::symlink_status(root, gone).type() != fs::file_type::directory) watch(root.parent_path());
    look_at(root);
  }
  last_look_ = std::chrono::duration_cast<base::Milliseconds>(parts_.clock.ticks() - begin);
}

/// Our own files are written whenever something is read: following them would never end.
bool Follower::is_own(const fs::path& path) const {
  return lies_below(path, parts_.places.folder());
}

bool Follower::is_wanted(const fs::path& path) const {
  return !is_own(path) &&
         std::ranges::any_of(roots_, [&](const fs::path& root) { return lies_below(path, root); });
}

/// Also at a file that was moved away: its last lines may not have been read.
void Follower::look_at(const fs::path& path) {
  if (stopped() || (!is_wanted(path) && !files_.knows(path.string()))) return;
  std::error_code gone;
  const auto type = fs::symlink_status(path, gone).type();
  if (type == fs::file_type::directory) look_into(path);
  if (type == fs::file_type::regular) look_at_file(path);
  if (type == fs::file_type::not_found) {
    watched_.erase(path);
    files_.forget(path.string());
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
    if (is_own(entry->path()) || entry.depth() >= k_deepest) {
      entry.disable_recursion_pending();
      continue;
    }
    if (type == fs::file_type::directory) watch(entry->path());
    if (type == fs::file_type::regular) look_at_file(entry->path());
  }
}

void Follower::look_at_file(const fs::path& path) {
  if (++seen_ == k_max_followed + 1) {
    files_.complain("more than " + base::group_digits(k_max_followed) +
                    " files are to be followed; the rest is not. Name smaller folders");
  }
  if (seen_ > k_max_followed) return;
  current_ = path.string();
  const bool named = std::ranges::find(roots_, path) != roots_.end();
  files_.look(current_, named ? FileFollower::Choice::named : FileFollower::Choice::found,
              parts_.control.no_more_input());
}

void Follower::watch(const fs::path& folder) {
  if (!watched_.insert(folder).second) return;
  if (!parts_.watch.add(folder)) blind_somewhere_ = true;
}

}  // namespace agentpipe::cli
