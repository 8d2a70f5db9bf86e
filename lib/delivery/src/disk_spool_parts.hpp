#pragma once

#include "agentpipe/delivery/disk_spool.hpp"
#include "dead_file.hpp"
#include "record_cursor.hpp"
#include "source_files.hpp"

namespace agentpipe::delivery {

/// The segment that is written to. Shared with a sync that is under way.
struct OpenSegment {
  std::unique_ptr<File> file;
  std::uint64_t bytes = 0;
  std::uint64_t records = 0;
};

enum class Role : unsigned char { writer, heir };

/// The next segment, before it is there.
struct DiskSpool::Draft {
  Serial serial;
  RecordNumber first;
  std::string header;
};

struct DiskSpool::Parts {
  Parts(FileSystem& files, const std::filesystem::path& folder, Role its_role, std::unique_ptr<File> its_lock,
        SourceFiles found, RecordCursor::OnConflict on_conflict)
      : role(its_role),
        lock(std::move(its_lock)),
        segments(std::move(found.segments)),
        last_serial(found.last_serial),
        dead(std::move(found.dead)),
        conflicts(std::move(found.conflicts)),
        has_leftovers(found.damaged_segments > 0),
        damage(found.damage),
        cursor(files, folder, damage, std::move(found.damaged), std::move(on_conflict)),
        dead_file(files, folder) {}

  const Role role;
  std::unique_ptr<File> lock;

  // Under mutex_.
  std::vector<Segment> segments;
  std::shared_ptr<OpenSegment> open;
  Serial last_serial;
  std::vector<Segment> retired;  ///< dealt with, but still there

  // Under reading_.
  std::set<RecordNumber> dead;  ///< behind acknowledged_
  std::set<RecordNumber> conflicts;
  bool has_leftovers;  ///< segments in damaged/
  SpoolDamage damage;
  RecordCursor cursor;
  DeadFile dead_file;
  std::unique_ptr<File> ack;
  unsigned ack_slot = 0;
};

}  // namespace agentpipe::delivery
