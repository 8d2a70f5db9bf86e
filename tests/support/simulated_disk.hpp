#pragma once

#include <algorithm>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "agentpipe/delivery/file_system.hpp"

namespace agentpipe::test {

/// A disk in memory that can lose power. What was not synced when that happens may be there or not, in any
/// order and in pieces of 512 bytes; names that were made, changed or removed without a sync of their folder
/// may be back as they were. Writes, syncs and creations can be made to fail. Thread-safe.
class SimulatedDisk final : public delivery::FileSystem {
 public:
  using Path = std::filesystem::path;
  using Fault = std::function<base::Result<void>()>;

  static base::Result<void> broken() {
    return base::failure(base::ErrorCode::io, "cannot write: Input/output error");
  }
  static base::Result<void> full() {
    auto error = base::failure(base::ErrorCode::io, "cannot write: No space left on device");
    error.value().reason = delivery::k_no_space;
    return error;
  }

  /// Asked before each write, sync and creation; an error makes it fail.
  Fault on_write, on_sync, on_create;
  /// Told before each attempt to open a file.
  std::function<void(const Path&)> on_open;
  std::uint64_t syncs = 0;

  /// The power goes and comes back: locks are free, and everything not synced is in doubt.
  void cut_power(std::mt19937& random) {
    const std::lock_guard lock(mutex_);
    for (auto change = pending_names_.rbegin(); change != pending_names_.rend(); ++change) {
      if (random() % 2 == 0) continue;  // it made it in time
      if (change->before) {
        names_[change->path] = change->before;
      } else {
        names_.erase(change->path);
      }
    }
    pending_names_.clear();
    for (auto& [path, node] : names_) node->lose(random);
    forget_locks();
  }
  /// All processes are killed: the kernel keeps what they wrote.
  void kill_processes() {
    const std::lock_guard lock(mutex_);
    forget_locks();
  }

  [[nodiscard]] std::string bytes(const Path& path) const {
    const std::lock_guard lock(mutex_);
    return names_.at(path)->now;
  }
  void put(const Path& path, std::string bytes) {
    const std::lock_guard lock(mutex_);
    NodePtr& node = names_[path];
    if (!node) node = std::make_shared<Node>();
    node->now = node->on_disk = std::move(bytes);
  }
  void forge(const Path& path, delivery::FolderEntry::Kind kind, delivery::FolderEntry::Trust trust) {
    const std::lock_guard lock(mutex_);
    forged_[path] = {path.filename().string(), kind, trust, 0};
  }
  /// From now on the file is one that others may change, whether it exists or not.
  void refuse(const Path& path) {
    const std::lock_guard lock(mutex_);
    refused_.insert(path);
  }
  [[nodiscard]] bool exists(const Path& path) const {
    const std::lock_guard lock(mutex_);
    return names_.contains(path) || folders_.contains(path);
  }
  [[nodiscard]] std::vector<std::string> names_in(const Path& folder) {
    std::vector<std::string> found;
    const auto entries = list(folder);
    for (const auto& entry : *entries) found.push_back(entry.name);
    return found;
  }

  base::Result<std::unique_ptr<delivery::File>> open(const Path& path, Open how) override {
    if (const auto told = on_open) told(path);
    const std::lock_guard lock(mutex_);
    if (refused_.contains(path))
      return base::failure(base::ErrorCode::io, path.string() + " may be changed by other users");
    const auto found = names_.find(path);
    const bool must_exist = how == Open::read || how == Open::modify;
    if (found == names_.end() && must_exist) return missing(path);
    if (found != names_.end() && how == Open::create) {
      return base::failure(base::ErrorCode::io, path.string() + ": File exists");
    }
    if (found != names_.end()) return std::make_unique<Handle>(*this, path, found->second);
    if (!folders_.contains(path.parent_path())) return missing(path);
    if (on_create) {
      if (auto ok = on_create(); !ok) return base::forward(ok);
    }
    auto node = std::make_shared<Node>();
    change_name(path, node);
    return std::make_unique<Handle>(*this, path, node);
  }

  base::Result<std::vector<delivery::FolderEntry>> list(const Path& folder) override {
    using delivery::FolderEntry;
    const std::lock_guard lock(mutex_);
    std::vector<FolderEntry> entries;
    for (const auto& [path, node] : names_) {
      if (path.parent_path() == folder && !forged_.contains(path)) {
        entries.push_back(
            {path.filename().string(), FolderEntry::Kind::file, FolderEntry::Trust::ours, node->now.size()});
      }
    }
    for (const auto& path : folders_) {
      if (path.parent_path() == folder && path != folder)
        entries.push_back({path.filename().string(), FolderEntry::Kind::folder, FolderEntry::Trust::ours, 0});
    }
    for (const auto& [path, entry] : forged_) {
      if (path.parent_path() == folder) entries.push_back(entry);
    }
    std::ranges::sort(entries, {}, &FolderEntry::name);
    return entries;
  }

  base::Result<void> make_folder(const Path& folder) override {
    const std::lock_guard lock(mutex_);
    for (Path path = folder; path != path.parent_path(); path = path.parent_path()) folders_.insert(path);
    return {};
  }
  base::Result<void> remove(const Path& file) override {
    const std::lock_guard lock(mutex_);
    if (!names_.contains(file)) return missing(file);
    change_name(file, nullptr);
    return {};
  }
  base::Result<void> remove_folder(const Path& folder) override {
    const std::lock_guard lock(mutex_);
    const auto inside = [&folder](const auto& entry) { return entry.first.parent_path() == folder; };
    if (std::ranges::any_of(names_, inside)) return base::failure(base::ErrorCode::io, "not empty");
    folders_.erase(folder);
    return {};
  }
  base::Result<void> rename(const Path& from, const Path& to) override {
    const std::lock_guard lock(mutex_);
    const auto found = names_.find(from);
    if (found == names_.end()) return missing(from);
    const auto node = found->second;
    change_name(from, nullptr);
    change_name(to, node);
    return {};
  }
  base::Result<void> sync_folder(const Path& folder) override {
    const std::lock_guard lock(mutex_);
    std::erase_if(pending_names_,
                  [&folder](const NameChange& change) { return change.path.parent_path() == folder; });
    return {};
  }
  base::Result<void> reserve(const Path& file, std::uint64_t bytes) override {
    put(file, std::string(bytes, '\0'));
    return {};
  }
  bool is_remote(const Path&) override { return false; }

 private:
  static constexpr std::size_t k_sector = 512;

  struct Node {
    std::string now;      ///< as programs see it
    std::string on_disk;  ///< as of the last sync
    std::set<std::size_t> dirty;
    std::set<const delivery::File*> holders;
    delivery::File::Hold held = delivery::File::Hold::alone;

    void write(std::size_t at, std::string_view bytes) {
      if (now.size() < at + bytes.size()) now.resize(at + bytes.size());
      std::memcpy(now.data() + at, bytes.data(), bytes.size());
      for (std::size_t sector = at / k_sector; sector * k_sector < at + bytes.size(); ++sector)
        dirty.insert(sector);
    }
    void lose(std::mt19937& random) {
      // The size is a change of its own: it may be on the disk before the bytes are, which read as zeros.
      std::string after = on_disk;
      if (now.size() > after.size() && random() % 4 == 0)
        after.resize(after.size() + random() % (now.size() - after.size() + 1));
      for (const std::size_t sector : dirty) {
        const std::size_t from = sector * k_sector;
        if (random() % 2 == 0 || from >= now.size()) continue;
        const std::size_t size = std::min(k_sector, now.size() - from);
        if (after.size() < from + size) after.resize(from + size);
        std::memcpy(after.data() + from, now.data() + from, size);
      }
      now = on_disk = after;
      dirty.clear();
    }
  };
  using NodePtr = std::shared_ptr<Node>;

  struct NameChange {
    Path path;
    NodePtr before;
  };

  class Handle final : public delivery::File {
   public:
    Handle(SimulatedDisk& disk, Path path, NodePtr node)
        : disk_(disk), path_(std::move(path)), node_(std::move(node)) {}
    ~Handle() override {
      const std::lock_guard lock(disk_.mutex_);
      node_->holders.erase(this);
    }
    base::Result<void> append(std::string_view bytes) override { return write(node_->now.size(), bytes); }
    base::Result<void> write_at(std::uint64_t offset, std::string_view bytes) override {
      return write(offset, bytes);
    }
    base::Result<std::size_t> read_at(std::uint64_t offset, char* room, std::size_t size) override {
      const std::lock_guard lock(disk_.mutex_);
      const std::size_t from = std::min<std::size_t>(offset, node_->now.size());
      const std::size_t count = std::min(size, node_->now.size() - from);
      std::memcpy(room, node_->now.data() + from, count);
      return count;
    }
    base::Result<void> sync() override {
      const std::lock_guard lock(disk_.mutex_);
      ++disk_.syncs;
      if (disk_.on_sync) {
        if (auto ok = disk_.on_sync(); !ok) {
          // As Linux does it: the pages count as clean from here on, whatever became of them.
          node_->dirty.clear();
          return ok;
        }
      }
      node_->on_disk = node_->now;
      node_->dirty.clear();
      return {};
    }
    base::Result<void> truncate(std::uint64_t size) override {
      const std::lock_guard lock(disk_.mutex_);
      node_->now.resize(size);
      return {};
    }
    [[nodiscard]] base::Result<std::uint64_t> size() override {
      const std::lock_guard lock(disk_.mutex_);
      return node_->now.size();
    }
    bool lock(Hold hold) override {
      const std::lock_guard lock(disk_.mutex_);
      const auto found = disk_.names_.find(path_);
      const bool is_free = node_->holders.empty() || (hold == Hold::shared && node_->held == Hold::shared);
      if (!is_free || found == disk_.names_.end() || found->second != node_) return false;
      node_->held = hold;
      node_->holders.insert(this);
      return true;
    }

   private:
    base::Result<void> write(std::size_t at, std::string_view bytes) {
      const std::lock_guard lock(disk_.mutex_);
      if (disk_.on_write) {
        if (auto ok = disk_.on_write(); !ok) {
          node_->write(at, bytes.substr(0, bytes.size() / 2));
          return ok;
        }
      }
      node_->write(at, bytes);
      return {};
    }

    SimulatedDisk& disk_;
    const Path path_;
    const NodePtr node_;
  };

  static tl::unexpected<base::Error> missing(const Path& path) {
    return base::failure(base::ErrorCode::not_found, path.string() + ": No such file or directory");
  }
  void change_name(const Path& path, const NodePtr& node) {
    const auto found = names_.find(path);
    pending_names_.push_back({path, found == names_.end() ? nullptr : found->second});
    if (node) {
      names_[path] = node;
    } else {
      names_.erase(path);
    }
  }
  void forget_locks() {
    for (auto& [path, node] : names_) node->holders.clear();
  }

  mutable std::recursive_mutex mutex_;
  std::map<Path, NodePtr> names_;
  std::set<Path> folders_;
  std::map<Path, delivery::FolderEntry> forged_;
  std::set<Path> refused_;
  std::vector<NameChange> pending_names_;
};

}  // namespace agentpipe::test
