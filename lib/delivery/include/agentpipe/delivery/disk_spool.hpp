#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <thread>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/base/thread_annotations.hpp"
#include "agentpipe/delivery/file_system.hpp"
#include "agentpipe/delivery/spool.hpp"
#include "agentpipe/delivery/spool_space.hpp"

namespace agentpipe::delivery {

struct Segment;

/// When records are synced; SPOOL.md says what each can lose.
enum class Fsync : unsigned char { interval, each, never };

/// What recovery met in one source; see SPOOL.md.
struct SpoolDamage {
  std::uint64_t torn = 0;        ///< tails that were cut off
  std::uint64_t damaged = 0;     ///< lines that were not intact
  std::uint64_t missing = 0;     ///< numbers that no record has
  std::uint64_t conflicts = 0;   ///< numbers that two different records have
  std::uint64_t refused = 0;     ///< files that others could have put there
  std::uint64_t unreadable = 0;  ///< files of another version

  bool operator==(const SpoolDamage&) const = default;
};

struct DiskSpoolOptions {
  Fsync fsync = Fsync::interval;
  std::string client{};       ///< "agentpipe-bridge/1.2.3", for people who look into the files
  std::string destination{};  ///< base URL
  std::uint64_t segment_bytes = 8UL << 20U;
  std::size_t memory_bytes = 16UL << 20U;  ///< for records that are not known to be on the disk
};

/// A spool in a folder of its own, in the format of SPOOL.md. Thread-safe for one writer, one reader and one
/// syncer. A disk that fails or is full does not fail the writer as long as memory lasts.
class DiskSpool final : public Spool {
 public:
  /// A new source in `folder`, which this process holds locked from here on. `io` when that cannot be made;
  /// `conflict` when somebody else has it.
  static base::Result<std::unique_ptr<DiskSpool>> create(FileSystem& files, base::Clock& clock,
                                                         SpoolSpace& space, std::filesystem::path folder,
                                                         DiskSpoolOptions options);
  /// What an earlier process left, to be read: append() is refused. `conflict` when its process still lives.
  static base::Result<std::unique_ptr<DiskSpool>> adopt(FileSystem& files, base::Clock& clock,
                                                        SpoolSpace& space, std::filesystem::path folder);
  ~DiskSpool() override;

  using Spool::append;
  base::Result<RecordNumber> append(std::string_view event, Weight weight) override;
  base::Result<std::vector<Record>> read(RecordNumber after, std::size_t count, std::size_t bytes) override;
  base::Result<void> acknowledge(RecordNumber number) override;
  base::Result<void> bury(DeadLetter letter) override;
  base::Result<void> keep(DeadLetter letter) override;
  [[nodiscard]] RecordNumber last_appended() const override;
  [[nodiscard]] RecordNumber last_acknowledged() const override;
  [[nodiscard]] std::uint64_t dead_letters() const override;
  bool wait(RecordNumber after, base::Milliseconds length, const std::stop_token& stop) override;
  bool wait_for_room(std::size_t bytes, Weight weight, base::Milliseconds length,
                     const std::stop_token& stop) override;
  [[nodiscard]] std::string source_id() const override;

  /// Brings to the disk what is not there yet, and takes off it what is dealt with; tries a disk that failed
  /// again, at most once a second.
  void sync();
  /// Waits until there is something for sync() to do; false after a stop.
  bool wait_until_unsynced(const std::stop_token& stop);
  /// Records that are neither dealt with nor written: they end with the process.
  [[nodiscard]] std::uint64_t only_in_memory() const;
  /// Why the disk does not take records; empty when it does.
  [[nodiscard]] std::string trouble() const;
  [[nodiscard]] SpoolDamage damage() const;

  /// The end: syncs, and removes the folder when nothing in it is of use any more.
  void finish();

 private:
  struct Parts;  ///< keeps the format's headers in src/
  class Portion;
  struct Draft;
  /// A record that is not known to be on the disk.
  struct Recent {
    RecordNumber number = 0;
    std::string line;  ///< as the disk has it
    std::size_t bytes = 0;

    [[nodiscard]] std::string_view event() const {
      return std::string_view(line).substr(line.size() - bytes - 1, bytes);
    }
  };
  enum class Progress : unsigned char { again, done };

  DiskSpool(FileSystem& files, base::Clock& clock, SpoolSpace& space, std::filesystem::path folder,
            DiskSpoolOptions options, std::unique_ptr<Parts> parts);

  base::Result<void> admit(std::size_t bytes, Weight weight) REQUIRES(mutex_);
  [[nodiscard]] bool has_room(std::size_t bytes, Weight weight) REQUIRES(mutex_);
  void write_out() REQUIRES(mutex_);
  bool open_segment() REQUIRES(mutex_);
  Draft draft_segment() REQUIRES(mutex_);
  base::Result<std::unique_ptr<File>> make_segment(const Draft& draft);
  bool begin_segment(const Draft& draft, base::Result<std::unique_ptr<File>> file) REQUIRES(mutex_);
  void give_up_segment(const base::Error& error) REQUIRES(mutex_);
  [[nodiscard]] bool open_is_full() const REQUIRES(mutex_);
  void roll();
  void disk_is_well() REQUIRES(mutex_);
  void sync_at_once();  ///< however lately the disk refused
  void write_into_reserve() REQUIRES(mutex_);
  /// Gives the room that was kept for the last words to the disk. False: it was given before.
  bool release_reserve();
  void sync_written();
  void sync_once();
  void forget_up_to(RecordNumber number) REQUIRES(mutex_);

  /// False: the portion is full.
  base::Result<bool> read_disk(RecordNumber& after, Portion& portion) REQUIRES(reading_);
  Progress read_memory(RecordNumber& after, Portion& portion) REQUIRES(reading_);
  void keep_conflict(const Record& record);  ///< with reading_ held
  void deal_with_dead() REQUIRES(mutex_);
  void write_ack(RecordNumber number) REQUIRES(reading_);
  void remove_dealt_with() REQUIRES(reading_);
  void retire(const Segment& segment) REQUIRES(reading_);
  std::vector<Segment> take_retired() REQUIRES(mutex_);
  void remove(const std::vector<Segment>& retired);

  FileSystem& files_;
  base::Clock& clock_;
  SpoolSpace& space_;
  const std::filesystem::path folder_;
  const DiskSpoolOptions options_;

  /// The reading side: held by read(), acknowledge() and bury(), taken before mutex_.
  mutable base::Mutex reading_;
  mutable base::Mutex mutex_;
  std::condition_variable_any changed_;
  std::unique_ptr<Parts> parts_;

  RecordNumber last_ GUARDED_BY(mutex_) = 0;          ///< accepted
  RecordNumber written_ GUARDED_BY(mutex_) = 0;       ///< by the open segment, or known to be on the disk
  RecordNumber synced_ GUARDED_BY(mutex_) = 0;        ///< known to be on the disk, or dealt with
  RecordNumber acknowledged_ GUARDED_BY(mutex_) = 0;  ///< dealt with
  std::uint64_t dead_letters_ GUARDED_BY(mutex_) = 0;
  std::deque<Recent> recent_ GUARDED_BY(mutex_);  ///< all records behind synced_
  std::size_t recent_bytes_ GUARDED_BY(mutex_) = 0;
  bool syncing_ GUARDED_BY(mutex_) = false;
  std::string trouble_ GUARDED_BY(mutex_);
  std::optional<base::Ticks> retry_at_ GUARDED_BY(mutex_);
};

/// Syncs a spool 100 ms after each first record that is not; a thread for its life.
class SpoolSyncer {
 public:
  SpoolSyncer(DiskSpool& spool, base::Clock& clock);

 private:
  std::jthread worker_;
};

}  // namespace agentpipe::delivery
