// Power cuts on a simulated disk. AGENTPIPE_POWER_CUTS sets the number of schedules (5,000), AGENTPIPE_SEED
// the first seed; a failure names its seed, and the same seed repeats it.

#include <cstdlib>

#include "spool_scene.hpp"

using namespace agentpipe;
using delivery::Fsync;
using delivery::RecordNumber;
using delivery::Weight;

namespace {

unsigned long from_environment(const char* name, unsigned long otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoul(text, nullptr, 10);
}

/// One life of a spool up to a power cut, and what the next life must find.
class Schedule {
 public:
  Schedule(unsigned long seed, Fsync fsync) : random_(static_cast<unsigned>(seed)), fsync_(fsync) {
    scene_.create({.fsync = fsync, .segment_bytes = 600 + random_() % 8000});
  }

  void live() {
    if (random_() % 4 == 0) scene_.disk.on_sync = [this] { return sometimes(8); };
    if (random_() % 4 == 0) scene_.disk.on_write = [this] { return sometimes(12); };
    for (auto steps = 5 + random_() % 60; steps > 0; --steps) step();
  }

  /// Empty when all is well.
  std::string after_power_cut() {
    scene_.disk.on_sync = scene_.disk.on_write = nullptr;
    scene_.spool.reset();
    scene_.disk.cut_power(random_);
    auto heir = delivery::DiskSpool::adopt(scene_.disk, scene_.clock, scene_.space, scene_.folder);
    if (!heir) return durable_ > done_ ? "the source is gone: " + heir.error().message : "";
    return check(**heir);
  }

 private:
  base::Result<void> sometimes(unsigned one_in) {
    return random_() % one_in == 0 ? test::SimulatedDisk::broken() : base::Result<void>();
  }

  void step() {
    switch (random_() % 8) {
      case 0:
        scene_.clock.advance(base::Milliseconds{300});
        scene_.spool->sync();
        note_durable();
        break;
      case 1:
        acknowledge();
        break;
      case 2:
        bury();
        break;
      default:
        append();
    }
  }

  void append() {
    const Weight weight = random_() % 10 == 0 ? Weight::milestone : Weight::ordinary;
    events_.push_back("{\"n\":" + std::to_string(events_.size() + 1) + ",\"x\":\"" +
                      std::string(random_() % 1500, static_cast<char>('a' + random_() % 26)) + "\"}");
    REQUIRE(scene_.spool->append(events_.back(), weight));
    if (weight == Weight::milestone || fsync_ == Fsync::each) note_durable();
  }

  /// All that was accepted is promised from here on, unless the spool itself says otherwise.
  void note_durable() {
    if (scene_.spool->trouble().empty() && scene_.spool->only_in_memory() == 0) durable_ = events_.size();
  }

  void acknowledge() {
    if (done_ == events_.size()) return;
    done_ += 1 + random_() % (events_.size() - done_);
    REQUIRE(scene_.spool->acknowledge(done_));
  }

  void bury() {
    const RecordNumber number = done_ + 1;
    if (number > events_.size()) return;
    if (!scene_.spool->bury({{number, events_[number - 1]}, "invalid", "no"})) {
      perhaps_buried_.insert(number);  // the letter may have reached the disk all the same
      return;
    }
    done_ = scene_.spool->last_acknowledged();
    ++buried_;
  }

  std::string check(delivery::DiskSpool& heir) const {
    RecordNumber last = 0;
    std::set<RecordNumber> found;
    for (auto records = heir.read(last, 5, 4000).value(); !records.empty();
         records = heir.read(last, 5, 4000).value()) {
      for (const auto& record : records) {
        if (record.number <= last) return "out of order at " + std::to_string(record.number);
        if (record.number > events_.size() || record.event != events_[record.number - 1])
          return "other bytes in " + std::to_string(record.number);
        last = record.number;
        found.insert(last);
      }
    }
    std::uint64_t letters = buried_;
    for (RecordNumber number = done_ + 1; number <= durable_; ++number) {
      if (found.contains(number)) continue;
      if (!perhaps_buried_.contains(number))
        return "lost " + std::to_string(number) + " of " + std::to_string(durable_);
      ++letters;
    }
    if (heir.last_acknowledged() > done_ && heir.last_acknowledged() > events_.size())
      return "ahead of the truth";
    if (heir.dead_letters() < letters) return "dead letters lost";
    return "";
  }

  test::SpoolScene scene_;
  std::mt19937 random_;
  const Fsync fsync_;
  std::vector<std::string> events_;
  RecordNumber durable_ = 0;
  RecordNumber done_ = 0;
  std::uint64_t buried_ = 0;
  std::set<RecordNumber> perhaps_buried_;
};

}  // namespace

TEST_CASE("a power cut loses nothing that was promised, mixes nothing up and invents nothing") {
  const unsigned long first = from_environment("AGENTPIPE_SEED", 1);
  const unsigned long count = from_environment("AGENTPIPE_POWER_CUTS", 5000);
  for (unsigned long seed = first; seed < first + count; ++seed) {
    Schedule schedule(seed, seed % 2 == 0 ? Fsync::interval : Fsync::each);
    schedule.live();
    const std::string wrong = schedule.after_power_cut();
    CAPTURE(seed);
    REQUIRE(wrong == "");
  }
}
