#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agentpipe/base/clock.hpp"
#include "agentpipe/base/time.hpp"
#include "agentpipe/model/event.hpp"

namespace agentpipe::formats {

/// A line that is longer is skipped and reported; its bytes are not kept.
inline constexpr std::size_t k_max_line = 16UL << 20U;
/// Formats that are one document rather than lines are buffered up to here.
inline constexpr std::size_t k_max_document = 64UL << 20U;

/// A writer that has been silent for so long has probably said what it had to say.
inline constexpr base::Milliseconds k_quiet{2000};

/// Why a line did not become an event.
enum class Skip : unsigned char {
  not_json,    ///< a progress line, a banner: expected between events, passed over
  twin,        ///< the log.entry copy of a message that is there as message.created
  diagnostic,  ///< a client's own log line: stays on this machine
  unknown,     ///< well-formed, of a type we do not know
  internal,    ///< a tool's own bookkeeping: snapshots, progress, hidden context
  replayed,    ///< a copy of what another conversation, or an earlier line, has already
  unfinished,  ///< the last line is still being written
};

/// Something is wrong with the input: the place and the remedy, for the user's eyes.
struct Problem {
  std::uint64_t line = 0;  ///< from 1; 0: the input as a whole
  std::string reason;
  std::string excerpt{};  ///< how that begins which could not be read; empty: that is not to be told
};

/// The beginning of `text`, at most model::k_max_excerpt bytes of valid UTF-8.
std::string excerpt_of(std::string_view text);

/// What a reader finds, in the order of the input.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void event(model::Event event) = 0;
  virtual void skipped(Skip why, std::uint64_t line) = 0;
  virtual void problem(Problem problem) = 0;
  /// All of that conversation that the input holds has come: what was kept of it may go. Only readers of
  /// inputs that hold many say so.
  virtual void whole(const std::string& /*conversation*/) {}
};

/// Turns one input into events: line by line, or, for formats that are one document, all at end(). One
/// thread.
class Reader {
 public:
  virtual ~Reader() = default;
  /// One line without its LF (a CR may be there); `number` counts from 1. Bytes may be anything.
  virtual void line(std::string_view text, std::uint64_t number, Sink& sink) = 0;
  /// The end of the input has come without an LF: what reads as a whole line is one, what does not may still
  /// be being written.
  virtual void last_line(std::string_view text, std::uint64_t number, Sink& sink) {
    line(text, number, sink);
  }
  /// The input is complete: what was held back comes out, an unfinished session gets its end. When the
  /// origin says that its writer is still there, only what cannot change any more comes out, and more lines
  /// and another end may follow.
  virtual void end(Sink& sink) = 0;
  /// Nothing has come for a while and more may: what is certainly complete comes out. May be called at any
  /// time between lines.
  virtual void pause(Sink& /*sink*/) {}
  /// Behind an end() with a writer present: nothing has come for k_quiet. What was held back only because it
  /// could still go on, and looks complete, comes out.
  virtual void quiet(Sink& /*sink*/) {}

  // For files that grow (Format::Growth::by_lines): reading is taken up again behind a line where the reader
  // was settled, by a new reader that is told the old one's context. So an append costs the append, however
  // long the file is, and nothing of a file is kept in memory meanwhile.

  /// False while something is held back: reading could not be taken up here without losing it.
  [[nodiscard]] virtual bool settled() const { return true; }
  /// What a new reader has to know of the lines so far: 4 KiB at most, printable or not. Empty: nothing.
  [[nodiscard]] virtual std::string context() const { return {}; }
  /// Before the first line: the context of the reader that came to this place.
  virtual void resume(std::string_view /*context*/) {}

  /// For Format::Feed::pieces in place of line(): bytes as they come, cut anywhere.
  virtual void piece(std::string_view /*bytes*/, Sink& /*sink*/) {}
};

class Ledger;
class PriceTable;

/// May the input grow after its end has been read?
enum class Writer : unsigned char {
  gone,     ///< no: what is there is all
  present,  ///< yes: a last line without LF, a last answer, belong to the next reading
};

/// What is known of an input beside its bytes.
struct Origin {
  std::string name;              ///< file name without folders; empty for standard input
  base::Timestamp arrived;       ///< file's modification time, or now
  std::filesystem::path path{};  ///< for formats that keep facts in files beside; empty for standard input
  Writer writer = Writer::gone;
  bool quiet = false;  ///< a writer that is present has written nothing for k_quiet
  /// For live inputs whose records say no time: it is read when they come. Null: `arrived` stands in.
  const base::Clock* clock = nullptr;
  std::shared_ptr<const PriceTable> prices{};  ///< null: PriceTable::embedded()
  std::shared_ptr<Ledger> ledger{};            ///< shared by the files of one run; null: every file alone
  base::Timestamp
      since{};  ///< for Format::Feed::file: sessions that were not changed since then are left out
  /// For a run that is piped in: the files in which its tool keeps that session on this machine, for what
  /// standard output does not tell. Null: nobody looks for them.
  std::function<std::vector<std::filesystem::path>(std::string_view source, std::string_view session)>
      session_files{};
  std::filesystem::path scratch{};  ///< folder for a copy of what comes once and is read twice; empty: memory
};

/// One row of the table of formats.
struct Format {
  std::string_view name;     ///< as in --format and in `source_format`
  std::string_view summary;  ///< one line for --help
  /// Is this it? `head` holds the first 64 KiB at most. Rows are asked in order, the first yes wins.
  bool (*recognise)(std::string_view head, const Origin& origin);
  std::unique_ptr<Reader> (*open)(const Origin& origin);
  /// Longest line to hand to the reader: k_max_line, or k_max_document where a document may be one line.
  std::size_t max_line = k_max_line;
  /// How a file that has grown is read.
  enum class Growth : unsigned char {
    as_a_whole,  ///< all of it again
    by_lines,    ///< only the new lines, by a new reader that is told the context
    by_reader,   ///< only the new lines, by the reader that took those before; a new one takes all of them
  } growth = Growth::as_a_whole;
  /// What a file has in common with those that hold copies of its records (resumed, forked): the id of its
  /// first one, or of that one's first. Told from its head, and the heads of files beside it that this says
  /// it continues; empty: not there. Null: files of this format copy nothing.
  std::string (*lineage)(std::string_view head, const Origin& origin) = nullptr;
  /// How bytes reach the reader: cut into lines, or as they come where a line may be longer than any memory.
  /// Readers of pieces take lines, too, where that is what there is. `file`: not at all; the reader reads
  /// Origin::path itself at end(), session by session, and takes up only what has changed since its context.
  /// Without a path it gets pieces: it may keep a copy, or say what to do instead.
  enum class Feed : unsigned char { lines, pieces, file } feed = Feed::lines;
};

std::span<const Format> all_formats();
/// Null when no format has that name.
const Format* find_format(std::string_view name);
/// As much of a file's front as recognition and lineage may look at.
inline constexpr std::size_t k_head = 64UL << 10U;
/// Null when no row says yes.
const Format* recognise(std::string_view head, const Origin& origin);

}  // namespace agentpipe::formats
