#include "upload_memory.hpp"

#include <doctest/doctest.h>

#include "temporary_directory.hpp"

using namespace agentpipe;
using Uploaded = cli::UploadMemory::Uploaded;
using End = Uploaded::End;

TEST_CASE(
    "of an upload it is known whether its sessions had ended, for this database and this state of the file") {
  const test::TemporaryDirectory folder;
  const auto open = [&](const std::string& database) {
    return cli::UploadMemory::open(folder.path(), {"http://a", database}).value();
  };
  const follow::Facts facts{.device = 1, .inode = 2, .size = 30, .modified_ns = 4};
  const Uploaded going_on{2, "line", End::open};
  REQUIRE(open("one").remember("/f", facts, going_on));
  CHECK(open("one").find("/f", facts) == going_on);
  CHECK(open("two").find("/f", facts) == std::nullopt);
  auto grown = facts;
  grown.size = 40;
  CHECK(open("one").find("/f", grown) == std::nullopt);
  const Uploaded ended{2, "line", End::told};
  REQUIRE(open("one").remember("/f", facts, ended));
  CHECK(open("one").find("/f", facts) == ended);
  CHECK(cli::UploadMemory::open_latest(folder.path(), "http://a").value().find("/f", facts) == ended);
}
