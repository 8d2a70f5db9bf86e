#include "batch_size.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace agentpipe;
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
  CHECK(send(1024, {}).requests == 4);
  CHECK(send(1025, {}).requests == 5);
}

TEST_CASE("a bad event is found by halving, wherever it is, and the full size comes back") {
  for (RecordNumber bad = 1; bad <= 256; ++bad) {
    const Search search = send(1024, {bad});
    CHECK(search.buried == std::set<RecordNumber>{bad});
    CHECK(search.requests <= 22);
  }
}

TEST_CASE("many bad events are all found") {
  const std::set<RecordNumber> poison{1, 2, 77, 255, 256, 257, 500};
  CHECK(send(512, poison).buried == poison);
}
