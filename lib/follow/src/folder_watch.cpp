#include "agentpipe/follow/folder_watch.hpp"

#include <poll.h>
#include <sys/inotify.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <set>
#include <unordered_map>

#include "agentpipe/base/files.hpp"

namespace agentpipe::follow {

namespace {

constexpr std::uint32_t k_events = IN_MODIFY | IN_CLOSE_WRITE | IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM |
                                   IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

/// Magic numbers of file systems that other machines write to (linux/magic.h and the drivers' sources).
constexpr std::array<std::uint32_t, 9> k_remote = {0x6969,     0x517B,     0xFF534D42, 0xFE534D42, 0x01021997,
                                                   0x65735546, 0x5346414F, 0x00C36400, 0x786F4256};

bool is_remote(const std::filesystem::path& folder) {
  struct statfs info {};
  if (::statfs(folder.c_str(), &info) != 0) return false;
  return std::ranges::find(k_remote, static_cast<std::uint32_t>(info.f_type)) != k_remote.end();
}

/// True: `fd` is readable.
bool wait_for(int fd, base::Milliseconds longest, int wake_fd) {
  std::array<pollfd, 2> entries = {pollfd{fd, POLLIN, 0}, pollfd{wake_fd, POLLIN, 0}};
  const int timeout =
      longest.count() < 0 ? -1 : static_cast<int>(std::min<std::int64_t>(longest.count(), 1 << 30));
  return ::poll(entries.data(), entries.size(), timeout) > 0 && (entries[0].revents & POLLIN) != 0;
}

class InotifyWatch final : public FolderWatch {
 public:
  explicit InotifyWatch(base::FileDescriptor inotify) : inotify_(std::move(inotify)) {}

  bool add(const std::filesystem::path& folder) override {
    if (is_remote(folder)) return false;
    const int watch = ::inotify_add_watch(inotify_.get(), folder.c_str(), k_events);
    if (watch < 0) return false;
    folders_[watch] = folder;
    return true;
  }

  Changes wait(base::Milliseconds longest, int wake_fd) override {
    Changes changes;
    if (!wait_for(inotify_.get(), longest, wake_fd)) return changes;
    std::set<std::string> paths;
    alignas(inotify_event) std::array<char, 64UL << 10U> room{};
    for (ssize_t count = 0; (count = ::read(inotify_.get(), room.data(), room.size())) > 0;) {
      take(std::string_view(room.data(), static_cast<std::size_t>(count)), paths, changes);
    }
    changes.paths.assign(paths.begin(), paths.end());
    return changes;
  }

 private:
  void take(std::string_view events, std::set<std::string>& paths, Changes& changes) {
    while (events.size() >= sizeof(inotify_event)) {
      inotify_event event{};
      std::memcpy(&event, events.data(), sizeof event);
      const char* const name = event.len > 0 ? events.data() + sizeof event : "";
      if ((event.mask & IN_Q_OVERFLOW) != 0) changes.anything = true;
      if (const auto folder = folders_.find(event.wd); folder != folders_.end()) {
        paths.insert(*name == '\0' ? folder->second.string() : (folder->second / name).string());
        if ((event.mask & IN_IGNORED) != 0) folders_.erase(folder);
      }
      events.remove_prefix(sizeof event + event.len);
    }
  }

  base::FileDescriptor inotify_;
  std::unordered_map<int, std::filesystem::path> folders_;
};

class BlindWatch final : public FolderWatch {
 public:
  bool add(const std::filesystem::path& /*folder*/) override { return false; }
  Changes wait(base::Milliseconds longest, int wake_fd) override {
    wait_for(-1, longest, wake_fd);
    return {};
  }
};

}  // namespace

std::unique_ptr<FolderWatch> make_inotify_watch() {
  base::FileDescriptor inotify(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  return inotify.valid() ? std::make_unique<InotifyWatch>(std::move(inotify)) : nullptr;
}

std::unique_ptr<FolderWatch> make_blind_watch() {
  return std::make_unique<BlindWatch>();
}

}  // namespace agentpipe::follow
