// Every byte of a spool of 64 KiB, once as its end and once with a bit turned: only the record that was hit
// is lost, and the loss shows in the counters.

#include "spool_scene.hpp"

using namespace agentpipe;
using test::SpoolScene;

namespace {

constexpr std::size_t k_spool = 64UL << 10U;

struct Sample {
  std::string bytes;
  std::vector<std::string> events;
  std::vector<std::size_t> ends;  ///< of each record's line; the header's comes first
};

Sample make_sample() {
  SpoolScene s;
  s.put_segment(1, "");
  Sample sample{s.disk.bytes(s.segment(1)), {}, {s.disk.bytes(s.segment(1)).size()}};
  while (sample.bytes.size() < k_spool) {
    const std::size_t number = sample.events.size() + 1;
    sample.events.push_back("{\"n\":" + std::to_string(number) + ",\"content\":\"" + std::string(900, 'x') +
                            "\"}");
    sample.bytes += test::line(number, sample.events.back());
    sample.ends.push_back(sample.bytes.size());
  }
  return sample;
}

/// What is read of `bytes`: the numbers in order, each checked to hold its own event.
std::vector<delivery::RecordNumber> read_back(SpoolScene& s, const Sample& sample, const std::string& bytes) {
  s.spool.reset();
  s.disk.put(s.segment(1), bytes);
  s.adopt();
  std::vector<delivery::RecordNumber> numbers;
  const auto records = s.spool->read(0, 1000, 1UL << 30U).value();
  for (const auto& record : records) {
    if (record.event != sample.events.at(record.number - 1)) return {};
    numbers.push_back(record.number);
  }
  return numbers;
}

std::vector<delivery::RecordNumber> up_to(std::size_t last, std::size_t without = 0) {
  std::vector<delivery::RecordNumber> numbers;
  for (std::size_t n = 1; n <= last; ++n) {
    if (n != without) numbers.push_back(n);
  }
  return numbers;
}

}  // namespace

TEST_CASE("a spool that is cut at any byte loses the record that was cut and those behind it") {
  const Sample sample = make_sample();
  SpoolScene s;
  s.put_segment(1, "");
  std::size_t whole = 0;
  std::size_t wrong = 0;
  for (std::size_t size = 0; size <= sample.bytes.size(); ++size) {
    while (whole + 1 < sample.ends.size() && sample.ends[whole + 1] <= size) ++whole;
    const auto read = read_back(s, sample, sample.bytes.substr(0, size));
    const bool at_an_end = size >= sample.ends.front() && size == sample.ends[whole];
    const bool told = s.spool->damage() == delivery::SpoolDamage{.torn = at_an_end ? 0U : 1U};
    if (read != up_to(whole) || !told) ++wrong;
  }
  CHECK(wrong == 0);
}

TEST_CASE("a spool with any one byte changed loses the record that was hit, and counts it") {
  const Sample sample = make_sample();
  SpoolScene s;
  s.put_segment(1, "");
  std::size_t hit = 0;  // 0: the header
  std::size_t wrong = 0;
  const std::size_t last = sample.events.size();
  for (std::size_t at = 0; at < sample.bytes.size(); ++at) {
    while (at >= sample.ends[hit]) ++hit;
    std::string bytes = sample.bytes;
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << (at % 8)));
    const auto read = read_back(s, sample, bytes);
    const auto damage = s.spool->damage();
    const bool is_torn = at + 1 == bytes.size();
    const bool counted =
        damage.damaged + damage.torn >= 1 && damage.missing == (hit == 0 || hit == last ? 0U : 1U);
    if (read != up_to(last, hit) || !counted || (is_torn && damage.torn != 1)) ++wrong;
  }
  CHECK(wrong == 0);
}
