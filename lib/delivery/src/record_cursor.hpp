#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "source_files.hpp"

namespace agentpipe::delivery {

/// Walks through the records of a chain of segments, over everything that recovery has to forgive. Memory:
/// one line and a chunk, however long the chain. One thread.
class RecordCursor {
 public:
  /// Gets a record whose number was read before with other bytes.
  using OnConflict = std::function<void(const SpoolLine&)>;

  RecordCursor(FileSystem& files, std::filesystem::path folder, SpoolDamage& damage, std::set<Serial> damaged,
               OnConflict on_conflict)
      : files_(files),
        folder_(std::move(folder)),
        damage_(damage),
        on_conflict_(std::move(on_conflict)),
        damaged_(std::move(damaged)) {}

  /// The next record behind `after`; null when the chain holds none up to `limit`, the last that is written
  /// whole. The same call gives the same record until `after` moves. `segments` may grow behind and shrink in
  /// front.
  base::Result<const Record*> peek(RecordNumber after, RecordNumber limit,
                                   const std::vector<Segment>& segments);
  /// The record that peek() has just given; it is not given again but from the disk.
  Record take() { return std::move(*std::exchange(found_, std::nullopt)); }
  /// Was a line of the segment found damaged?
  [[nodiscard]] bool is_damaged(Serial serial) const { return damaged_.contains(serial); }

 private:
  base::Result<bool> step(const std::vector<Segment>& segments);
  base::Result<bool> next_segment(const std::vector<Segment>& segments);
  void rewind(RecordNumber after, const std::vector<Segment>& segments);
  void take(const SpoolLine& line);
  [[nodiscard]] bool is_news();
  void remember(const SpoolLine& line);

  FileSystem& files_;
  const std::filesystem::path folder_;
  SpoolDamage& damage_;
  const OnConflict on_conflict_;

  std::unique_ptr<File> file_;
  std::optional<LineReader> reader_;
  Serial serial_ = 0;           ///< of the open segment
  RecordNumber void_from_ = 0;  ///< a later segment replaces the records from here on
  Serial void_known_to_ = 0;    ///< that was the last segment when void_from_ was found out
  RecordNumber last_ = 0;       ///< read so far
  RecordNumber floor_ = 0;      ///< found_ is the next behind this
  std::optional<Record> found_;
  std::set<Serial> damaged_;
  /// Up to here damage has been counted; after a rewind it is passed again.
  std::pair<Serial, std::uint64_t> counted_{0, 0};
  RecordNumber counted_missing_ = 0;
  /// Checksums of the last records, to tell a repetition from a contradiction.
  std::deque<std::pair<RecordNumber, unsigned>> recent_;
};

}  // namespace agentpipe::delivery
