// The spool against a reference that keeps everything in a list. AGENTPIPE_MODEL_RUNS sets the number of
// random lives (1,000); a failure prints the shortest life that shows it and the seed (RC_PARAMS repeats it).

#include <rapidcheck.h>

#include <cstdlib>

#include "spool_scene.hpp"

using namespace agentpipe;
using delivery::RecordNumber;
using delivery::Weight;

namespace {

enum class Action : unsigned char { append, append_large, milestone, sync, read, acknowledge, bury, restart };

struct Step {
  Action action = Action::append;
  unsigned amount = 0;
};

[[maybe_unused]] std::ostream& operator<<(std::ostream& out, const Step& step) {
  constexpr const char* k_names[] = {"append", "append_large", "milestone", "sync",
                                     "read",   "acknowledge",  "bury",      "restart"};
  return out << k_names[static_cast<std::size_t>(step.action)] << ' ' << step.amount;
}

/// What a spool would be if disks were simple.
class Model {
 public:
  void append(std::string event) { events_.push_back(std::move(event)); }
  void acknowledge(RecordNumber number) { done_ = std::max(done_, number), pass_dead(); }
  void bury(RecordNumber number) { dead_.insert(number), pass_dead(); }

  [[nodiscard]] RecordNumber last() const { return events_.size(); }
  [[nodiscard]] RecordNumber done() const { return done_; }
  [[nodiscard]] std::uint64_t dead() const { return dead_.size(); }
  [[nodiscard]] bool waits(RecordNumber number) const {
    return number > done_ && number <= last() && !dead_.contains(number);
  }
  [[nodiscard]] const std::string& event(RecordNumber number) const { return events_[number - 1]; }
  [[nodiscard]] std::vector<RecordNumber> read(RecordNumber after, std::size_t count,
                                               std::size_t bytes) const {
    std::vector<RecordNumber> found;
    std::size_t sum = 0;
    for (RecordNumber number = after + 1; number <= last() && found.size() < count; ++number) {
      if (!waits(number)) continue;
      if (!found.empty() && sum + event(number).size() > bytes) break;
      sum += event(number).size();
      found.push_back(number);
    }
    return found;
  }

 private:
  void pass_dead() {
    while (dead_.contains(done_ + 1)) ++done_;
  }

  std::vector<std::string> events_;
  std::set<RecordNumber> dead_;
  RecordNumber done_ = 0;
};

/// Does each step to both and compares.
class Life {
 public:
  Life() { scene_.create({.segment_bytes = 1500}); }

  void live(const Step& step) {
    switch (step.action) {
      case Action::append:
        return append(step.amount % 40, Weight::ordinary);
      case Action::append_large:
        return append(500 + step.amount % 3000, Weight::note);
      case Action::milestone:
        return append(step.amount % 200, Weight::milestone);
      case Action::sync:
        return scene_.spool->sync();
      case Action::read:
        return read(step.amount);
      case Action::acknowledge:
        return acknowledge(step.amount);
      case Action::bury:
        return bury(step.amount);
      case Action::restart:
        scene_.adopt();
        writable_ = false;
    }
  }

  void compare() {
    RC_ASSERT(scene_.spool->last_appended() == model_.last());
    RC_ASSERT(scene_.spool->last_acknowledged() == model_.done());
    RC_ASSERT(scene_.spool->dead_letters() == model_.dead());
    RC_ASSERT(scene_.spool->damage() == delivery::SpoolDamage{});
    check_read(0, 1000, 1UL << 30U);
  }

 private:
  void append(std::size_t size, Weight weight) {
    std::string event = "{\"n\":\"" + std::string(size, static_cast<char>('a' + model_.last() % 26)) + "\"}";
    const auto number = scene_.spool->append(event, weight);
    RC_ASSERT(number.has_value() == writable_);
    if (!number) return;
    model_.append(std::move(event));
    RC_ASSERT(*number == model_.last());
  }
  void read(unsigned amount) { check_read(amount % (model_.last() + 1), 1 + amount / 3 % 7, amount % 5000); }
  void check_read(RecordNumber after, std::size_t count, std::size_t bytes) {
    const auto records = scene_.spool->read(after, count, bytes);
    RC_ASSERT(records.has_value());
    std::vector<RecordNumber> numbers;
    for (const auto& record : *records) {
      numbers.push_back(record.number);
      RC_ASSERT(record.event == model_.event(record.number));
    }
    RC_ASSERT(numbers == model_.read(after, count, bytes));
  }
  void acknowledge(unsigned amount) {
    const RecordNumber number = amount % (model_.last() + 2);
    RC_ASSERT(scene_.spool->acknowledge(number).has_value() == (number <= model_.last()));
    if (number <= model_.last()) model_.acknowledge(number);
  }
  void bury(unsigned amount) {
    const RecordNumber number = amount % (model_.last() + 2);
    const std::string event = model_.waits(number) ? model_.event(number) : "{}";
    RC_ASSERT(scene_.spool->bury({{number, event}, "code", "reason"}).has_value() == model_.waits(number));
    if (model_.waits(number)) model_.bury(number);
  }

  test::SpoolScene scene_;
  Model model_;
  bool writable_ = true;
};

rc::Gen<Step> any_step() {
  // Few restarts: nothing is appended behind one.
  const auto action = rc::gen::weightedElement<Action>({{8, Action::append},
                                                        {3, Action::append_large},
                                                        {1, Action::milestone},
                                                        {3, Action::sync},
                                                        {6, Action::read},
                                                        {3, Action::acknowledge},
                                                        {2, Action::bury},
                                                        {1, Action::restart}});
  return rc::gen::map(rc::gen::pair(action, rc::gen::inRange(0U, 20'000U)),
                      [](const std::pair<Action, unsigned>& pair) {
                        return Step{pair.first, pair.second};
                      });
}

int runs() {
  const char* const text = std::getenv("AGENTPIPE_MODEL_RUNS");
  return text == nullptr ? 1000 : std::atoi(text);
}

}  // namespace

TEST_CASE("whatever is done to a spool in whatever order, it is as good as a list") {
  const auto property = [] {
    Life life;
    for (const Step& step : *rc::gen::container<std::vector<Step>>(any_step())) life.live(step);
    life.compare();
  };
  auto parameters = rc::detail::configuration().testParams;
  parameters.maxSuccess = runs();
  parameters.maxSize = 200;
  const auto result = rc::detail::checkTestable(property, rc::detail::TestMetadata(), parameters);
  std::ostringstream told;
  rc::detail::printResultMessage(result, told);
  CHECK_MESSAGE(result.template is<rc::detail::SuccessResult>(), told.str());
}
