#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "agentpipe/delivery/disk_spool.hpp"

namespace agentpipe::delivery {

/// One source on the disk, as far as it can be told without reading it through.
struct SourceSummary {
  std::filesystem::path folder;
  std::string source;
  std::string destination;  ///< base URL; empty when no segment says it
  std::string created;      ///< RFC 3339; empty when no segment says it
  std::string client;
  enum class Owner : unsigned char { alive, none } owner = Owner::none;
  bool is_inherited = false;  ///< its maker is gone for good; who owns it only delivers it
  std::uint64_t waiting = 0;
  std::uint64_t dead_letters = 0;
  std::uint64_t damaged_segments = 0;
  std::uint64_t bytes = 0;
  SpoolDamage damage;
  std::string trouble;  ///< why it cannot be read, so that the counts say nothing; empty when it can
};

/// How it went with one server, for `status`. Empty texts: never.
struct Journal {
  std::string url;
  std::string last_delivery;  ///< RFC 3339
  std::string last_trouble;   ///< half a sentence
  std::string last_trouble_at;
};

/// The folder of all spools; see SPOOL.md. Thread-safe as far as its file system is.
class SpoolFolder {
 public:
  SpoolFolder(FileSystem& files, base::Clock& clock, std::filesystem::path root)
      : files_(files), clock_(clock), root_(std::move(root)), space_(files, clock, root_) {}

  /// A new source for this process.
  base::Result<std::unique_ptr<DiskSpool>> create(DiskSpoolOptions options);
  /// Takes over what another process left; `conflict` while that one lives.
  base::Result<std::unique_ptr<DiskSpool>> adopt(const SourceSummary& source);

  /// Everything there is, oldest first; what cannot be read with its `trouble`. Changes nothing.
  base::Result<std::vector<SourceSummary>> sources();
  /// Of one server: sources without an owner in which something waits, oldest first, and those that cannot
  /// be read.
  base::Result<std::vector<SourceSummary>> orphans(std::string_view url);

  /// Is another process delivering what an earlier one left for this server?
  bool others_deliver(std::string_view url);

  /// Calls `take` for each dead letter of the source, in order.
  base::Result<void> each_letter(const SourceSummary& source,
                                 const std::function<void(const DeadLetter&)>& take);
  /// The dead letters that are events are dealt with; `conflict` while the source's process lives.
  base::Result<void> forget_letters(const SourceSummary& source);
  /// Deletes the source with all that waits in it; `conflict` while its process lives.
  base::Result<void> remove(const SourceSummary& source);

  [[nodiscard]] Journal journal(std::string_view url);
  void write_journal(const Journal& journal);

  /// Does it lie on another machine? Once it is made.
  [[nodiscard]] bool is_remote() const { return files_.is_remote(root_); }

  [[nodiscard]] const SpoolSpace& space() const { return space_; }

 private:
  using Wanted = bool (*)(const SourceSummary&);

  [[nodiscard]] std::filesystem::path destination_of(std::string_view url) const;
  base::Result<std::vector<SourceSummary>> look_into(const std::filesystem::path& destination, Wanted wanted);
  base::Result<void> survey(SourceSummary& summary);

  FileSystem& files_;
  base::Clock& clock_;
  const std::filesystem::path root_;
  SpoolSpace space_;
};

}  // namespace agentpipe::delivery
