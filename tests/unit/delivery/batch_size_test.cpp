#include "batch_size.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace agentpipe;
using delivery::BatchBytes;
using delivery::BatchSize;
using delivery::RecordNumber;

namespace {

struct Search {
  std::set<RecordNumber> buried;
  int requests = 0;
};

/// Sends records 1 to `last` to a server that refuses every batch with one of `poison` in it.
Search send(RecordNumber last, const std::set<RecordNumber>& poison) {
  Search search;
  BatchSize size;
  for (RecordNumber done = 0; done < last;) {
    const RecordNumber end = std::min<RecordNumber>(last, done + size.most());
    ++search.requests;
    const auto bad = poison.upper_bound(done);
    if (bad == poison.end() || *bad > end) {
      size.stored(done = end);
    } else if (end - done > 1) {
      size.refused(end - done, end);
    } else {
      search.buried.insert(end);
      size.found();
      done = end;
    }
  }
  return search;
}

}  // namespace

TEST_CASE("whole batches go out full") {
  CHECK(send(4096, {}).requests == 4);
  CHECK(send(4097, {}).requests == 5);
}

TEST_CASE("a bad event is found by halving, wherever it is, and the full size comes back") {
  for (RecordNumber bad = 1; bad <= 1024; ++bad) {
    const Search search = send(4096, {bad});
    CHECK(search.buried == std::set<RecordNumber>{bad});
    CHECK(search.requests <= 26);
  }
}

TEST_CASE("many bad events are all found") {
  const std::set<RecordNumber> poison{1, 2, 77, 1023, 1024, 1025, 2000};
  CHECK(send(2048, poison).buried == poison);
}

TEST_CASE("batches grow while full ones are answered quickly, and begin again on a slow or broken line") {
  constexpr std::size_t k_first = BatchBytes::k_smallest;
  BatchBytes bytes;
  CHECK(bytes.most() == k_first);
  bytes.stored(k_first / 2, BatchBytes::k_quick);  // too little to tell
  CHECK(bytes.most() == k_first);
  bytes.stored(k_first, BatchBytes::k_quick + base::Milliseconds{1});
  CHECK(bytes.most() == k_first);
  bytes.stored(k_first, BatchBytes::k_quick);
  CHECK(bytes.most() == 2 * k_first);
  bytes.stored(2 * k_first, base::Milliseconds{1});
  bytes.stored(4 * k_first, base::Milliseconds{1});
  CHECK(bytes.most() == BatchBytes::k_largest);
  bytes.stored(BatchBytes::k_largest, BatchBytes::k_slow);
  CHECK(bytes.most() == BatchBytes::k_largest);
  bytes.stored(BatchBytes::k_largest, BatchBytes::k_slow + base::Milliseconds{1});
  CHECK(bytes.most() == k_first);
  bytes.stored(k_first, base::Milliseconds{1});
  bytes.failed();
  CHECK(bytes.most() == k_first);
}
