#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>

#include "agentpipe/follow/places.hpp"
#include "agentpipe/follow/tail.hpp"
#include "agentpipe/formats/line_splitter.hpp"
#include "agentpipe/formats/reader.hpp"
#include "follow_relatives.hpp"
#include "follow_sent.hpp"
#include "prices.hpp"

namespace agentpipe::cli {

/// Reads what is new in single files. A place is remembered once everything in front of it has been taken.
/// Between two looks nothing of a file is in memory, except while its reader holds something back, and the
/// state of a few readers that cannot be taken up again. One thread.
class FileFollower {
 public:
  struct Reading {
    const formats::Format* format = nullptr;  ///< null: find out
    PricesPtr prices;
    formats::Sink& sink;
    /// Has everything that went to the sink been taken? Once false, nothing is remembered any more.
    std::function<bool()> all_taken;
    /// Is it on the disk, too? While false, nothing is remembered: a place must not outlive its events.
    std::function<bool()> kept;
    /// A file that is not known and was changed before is left alone.
    base::Timestamp begin{};
    const base::Clock& clock;
  };
  enum class Choice : unsigned char { named, found };  ///< by the user, or in a folder

  FileFollower(Reading reading, follow::Places& places) : reading_(std::move(reading)), places_(places) {}

  void look(const std::string& path, Choice choice, const std::stop_token& stop);
  /// Has some of these bytes been read under another name?
  [[nodiscard]] bool knows(const std::string& path) const;
  /// The file is gone. What is remembered of it stays: it may come back.
  void forget(const std::string& path);
  /// Where it has been quiet for formats::k_quiet, what readers hold back comes out.
  void settle();
  /// Until the next settle() has something to do; less than 0: for ever.
  [[nodiscard]] base::Milliseconds until_settled() const;
  /// A database tells that it is written before what was written can be read: looks again at those that were
  /// written just now.
  void confirm();
  [[nodiscard]] bool is_confirmed() const { return written_.empty(); }
  void complain(const std::string& what) { reading_.sink.problem({0, what}); }

 private:
  /// A reader in the middle of something; a new one could not go on here.
  struct Held {
    follow::Place place;  ///< of the last line that was read
    std::unique_ptr<formats::Reader> reader;
    std::unique_ptr<formats::LineSplitter> splitter;
    std::uint64_t used = 0;                             ///< the greater, the later
    base::Deadline quiet_at = base::Deadline::never();  ///< then what it holds back may come out
  };
  using Readers = std::map<std::string, Held>;

  void read(const std::string& path, follow::Resumption resumption, Choice choice,
            const std::stop_token& stop);
  void read_lines(const std::string& path, follow::Resumption resumption, const formats::Format& format,
                  const std::stop_token& stop);
  void read_on(const std::string& path, follow::Resumption resumption, const formats::Format& format,
               const std::stop_token& stop);
  void read_document(const std::string& path, follow::Resumption resumption, const formats::Format& format);
  void read_database(const std::string& path, follow::Place place);
  /// False when it had to stop on the way.
  bool feed(const std::string& path, const follow::Resumption& resumption, Held& held, bool remembers,
            const std::stop_token& stop);
  Held catch_up(const std::string& path, const follow::Resumption& resumption, const formats::Format& format);
  void keep_live(const std::string& path, Held held);
  [[nodiscard]] base::Deadline in_a_while() const {
    return base::Deadline::after(reading_.clock, formats::k_quiet);
  }
  [[nodiscard]] std::optional<follow::Place> place_of(const std::string& path,
                                                      const follow::Place* known) const;
  Held take_up(const std::string& path, const follow::Resumption& resumption, const formats::Format& format);
  void remember(const std::string& path, const follow::Place& place);
  [[nodiscard]] formats::Origin origin_of(const std::string& path, const follow::Facts& facts) const;
  const formats::Format* recognise(const std::string& path, const follow::Resumption& resumption) const;

  Reading reading_;
  follow::Places& places_;
  Readers held_;
  Readers live_;  ///< readers of Growth::by_reader, those that were used last
  std::uint64_t uses_ = 0;
  std::set<std::string> written_;  ///< databases, since confirm()
  SentEvents sent_;
  Relatives relatives_;
  bool told_of_places_ = false;  ///< that they cannot be written
};

}  // namespace agentpipe::cli
