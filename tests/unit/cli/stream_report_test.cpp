#include "stream_report.hpp"

#include <doctest/doctest.h>

using namespace agentpipe;

TEST_CASE("what is lost is told with the disk's reason and the server's") {
  cli::StreamEnd end;
  end.base_url = "http://localhost:3000";
  end.state.counts.accepted = end.state.counts.waiting = end.lost = 20;
  end.state.trouble = "cannot connect (Connection refused)";
  end.remedy = "send it again";
  CHECK(cli::summary(end) ==
        "0 events delivered to http://localhost:3000; 20 events LOST: cannot connect (Connection refused); "
        "send it again");
  end.disk_trouble = "cannot write 00000001.seg: No space left on device";
  CHECK(cli::summary(end) ==
        "0 events delivered to http://localhost:3000; 20 events LOST: cannot write 00000001.seg: No space "
        "left on device, and cannot connect (Connection refused); send it again");
  end.state.trouble.clear();
  CHECK(cli::summary(end) ==
        "0 events delivered to http://localhost:3000; 20 events LOST: cannot write 00000001.seg: No space "
        "left on device; send it again");
}
