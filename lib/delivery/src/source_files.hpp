#pragma once

#include <optional>
#include <set>
#include <vector>

#include "agentpipe/delivery/disk_spool.hpp"
#include "agentpipe/delivery/file_system.hpp"
#include "line_reader.hpp"
#include "spool_paths.hpp"

namespace agentpipe::delivery {

/// Code of the dead letter for a record that shares its number with another one.
inline constexpr std::string_view k_conflict_code = "spool_conflict";

/// One file of a chain, as far as it must be known without reading it through.
struct Segment {
  Serial serial = 0;
  RecordNumber first = 0;  ///< records with this number or higher in earlier segments do not count
  std::uint64_t bytes = 0;
  enum class State : unsigned char {
    readable,
    empty,       ///< cut off before its first record
    unreadable,  ///< another version, or no header: left as it is
  } state = State::readable;
};

/// What lies in the folder of a source.
struct SourceFiles {
  std::vector<Segment> segments;        ///< ascending; those of state `readable`
  std::optional<SegmentHeader> header;  ///< of the first that has one
  RecordNumber last = 0;                ///< the highest number that a record has
  RecordNumber acknowledged = 0;        ///< restored; see SPOOL.md for what is believed
  std::set<RecordNumber> dead;          ///< refused by the server
  std::set<RecordNumber> conflicts;     ///< whose second record is among the dead letters
  std::uint64_t dead_letters = 0;
  std::set<Serial> damaged;            ///< segments with lines behind the last record that are not intact
  std::uint64_t damaged_segments = 0;  ///< moved away by an earlier life
  SpoolDamage damage;                  ///< seen so far: refused, unreadable, torn
  Serial last_serial = 0;              ///< of everything that has a segment's name
};

/// Takes the lock of a source. Who only looks at one shares it for an instant, so one that is not free is
/// tried again for a moment. False: a process has it.
bool take_source(File& lock, base::Clock& clock);

/// `repair`: cuts off a torn tail. Needs the lock of the source. `look`: changes nothing; `not_found` when
/// files vanish meanwhile, since the source ends or gets rid of what is dealt with, or when nothing is left.
enum class Survey : unsigned char { look, repair };
base::Result<SourceFiles> survey_source(FileSystem& files, const std::filesystem::path& folder,
                                        Survey survey);

/// The highest number of the slots that are intact; 0 without any.
RecordNumber read_ack(FileSystem& files, const std::filesystem::path& folder);

}  // namespace agentpipe::delivery
