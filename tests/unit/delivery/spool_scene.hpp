#pragma once

#include <doctest/doctest.h>

#include <string>

#include "agentpipe/delivery/disk_spool.hpp"
#include "manual_clock.hpp"
#include "simulated_disk.hpp"
#include "spool_line.hpp"

namespace agentpipe::test {

/// One source on a simulated disk.
struct SpoolScene {
  const std::filesystem::path root = "/state/spool";
  const std::filesystem::path folder = root / "localhost" / "0123456789abcdef0123456789abcdef";
  SimulatedDisk disk;
  ManualClock clock;
  delivery::SpoolSpace space{disk, clock, root};
  std::unique_ptr<delivery::DiskSpool> spool;

  void create(delivery::DiskSpoolOptions options = {}) {
    options.destination = "http://localhost:3000";
    options.client = "test/1";
    auto made = delivery::DiskSpool::create(disk, clock, space, folder, std::move(options));
    REQUIRE(made);
    spool = std::move(*made);
  }
  /// The process dies, and another one finds what it left.
  void adopt() {
    spool.reset();
    auto made = delivery::DiskSpool::adopt(disk, clock, space, folder);
    REQUIRE(made);
    spool = std::move(*made);
  }
  void append(std::initializer_list<const char*> events) const {
    for (const char* event : events) CHECK(spool->append(event));
  }
  [[nodiscard]] std::filesystem::path segment(unsigned serial) const {
    return folder / ("0000000" + std::to_string(serial) + ".seg");
  }
  /// A segment as a foreign hand would write it: the header and these lines.
  void put_segment(unsigned serial, const std::string& lines, delivery::RecordNumber first = 1) {
    REQUIRE(disk.make_folder(folder));
    if (!disk.exists(folder / "lock")) disk.put(folder / "lock", "");
    disk.put(segment(serial),
             delivery::encode_header({"s", "http://localhost:3000", "2026-01-05T08:00:04.000Z", "c", first}) +
                 lines);
  }
  /// "1=a 2=b " of everything behind `after`, read in portions of `count`.
  [[nodiscard]] std::string rest(delivery::RecordNumber after = 0, std::size_t count = 3) const {
    std::string text;
    for (auto records = spool->read(after, count, 1UL << 20U).value(); !records.empty();
         records = spool->read(after, count, 1UL << 20U).value()) {
      for (const auto& record : records) text += std::to_string(record.number) + "=" + record.event + " ";
      after = records.back().number;
    }
    return text;
  }
};

inline std::string line(delivery::RecordNumber number, std::string_view json) {
  return delivery::encode_line(number, json);
}

}  // namespace agentpipe::test
