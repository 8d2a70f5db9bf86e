// The recovery table of lib/delivery/SPOOL.md, row by row.

#include "spool_scene.hpp"

using namespace agentpipe;
using delivery::FolderEntry;
using delivery::SpoolDamage;
using test::line;
using test::SpoolScene;

TEST_CASE("found: a last line without LF") {
  SpoolScene s;
  s.put_segment(1, line(1, "a") + line(2, "b") + "12345678 3 {\"half");
  const auto whole = s.disk.bytes(s.segment(1)).size() - 17;
  s.adopt();
  CHECK(s.rest() == "1=a 2=b ");
  CHECK(s.spool->damage() == SpoolDamage{.torn = 1});
  CHECK(s.disk.bytes(s.segment(1)).size() == whole);
  s.adopt();
  CHECK(s.spool->damage() == SpoolDamage{});
}

TEST_CASE("found: a tail of zeros") {
  SpoolScene s;
  s.put_segment(1, line(1, "a") + std::string(5000, '\0'));
  s.adopt();
  CHECK(s.rest() == "1=a ");
  CHECK(s.spool->damage() == SpoolDamage{.torn = 1});
}

TEST_CASE("found: a line with a bad checksum") {
  SpoolScene s;
  s.put_segment(1, line(1, "a") + "00000000 2 b\n" + line(3, "c"));
  s.put_segment(2, line(4, "d"), 4);
  s.adopt();
  CHECK(s.rest() == "1=a 3=c 4=d ");
  CHECK(s.rest() == "1=a 3=c 4=d ");
  CHECK(s.spool->damage() == SpoolDamage{.damaged = 1, .missing = 1});
  CHECK(s.spool->acknowledge(4));
  CHECK(s.disk.names_in(s.folder / "damaged") == std::vector<std::string>{"00000001.seg"});
  s.spool->finish();
  CHECK(s.disk.names_in(s.folder) == std::vector<std::string>{"damaged", "lock"});
}

TEST_CASE("found: a line whose end was hit, with an intact record behind it") {
  SpoolScene s;
  std::string lines = line(1, R"({"a":1})") + line(2, R"({"b":2})") + line(3, R"({"c":3})");
  lines[lines.find('\n')] = ' ';
  s.put_segment(1, lines);
  s.adopt();
  CHECK(s.rest() == R"(2={"b":2} 3={"c":3} )");
  CHECK(s.spool->damage() == SpoolDamage{.damaged = 1, .missing = 1});
}

TEST_CASE("found: a gap in the numbers") {
  SpoolScene s;
  s.put_segment(1, line(1, "a") + line(5, "e"));
  s.adopt();
  CHECK(s.rest() == "1=a 5=e ");
  CHECK(s.spool->damage() == SpoolDamage{.missing = 3});
}

TEST_CASE("found: a number again, with the same bytes and with others") {
  SpoolScene s;
  s.put_segment(
      1, line(1, "\"a\"") + line(1, "\"a\"") + line(2, "\"b\"") + line(2, "\"other\"") + line(3, "\"c\""));
  s.adopt();
  CHECK(s.rest() == "1=\"a\" 2=\"b\" 3=\"c\" ");
  CHECK(s.spool->damage() == SpoolDamage{.conflicts = 1});
  CHECK(s.spool->dead_letters() == 1);
  const std::string dead = s.disk.bytes(s.folder / "dead");
  CHECK(dead.find(R"("code":"spool_conflict")") != std::string::npos);
  CHECK(dead.find(R"("event":"other")") != std::string::npos);
  s.adopt();
  CHECK(s.rest() == "1=\"a\" 2=\"b\" 3=\"c\" ");
  CHECK(s.spool->dead_letters() == 1);
}

TEST_CASE("found: a damaged header") {
  SpoolScene s;
  s.put_segment(1, line(1, "a") + line(2, "b"));
  std::string bytes = s.disk.bytes(s.segment(1));
  bytes[20] = '#';
  s.disk.put(s.segment(1), bytes);
  s.adopt();
  CHECK(s.rest() == "1=a 2=b ");
  CHECK(s.spool->damage() == SpoolDamage{.damaged = 1});
}

TEST_CASE("found: no header, or one of another version") {
  const std::string foreign[] = {line(1, "a") + line(2, "b"),
                                 line(0, R"({"format":"agentpipe-spool","version":2})") + line(1, "a")};
  for (const std::string& bytes : foreign) {
    SpoolScene s;
    s.put_segment(2, line(1, "x"));
    s.disk.put(s.segment(1), bytes);
    s.adopt();
    CHECK(s.rest() == "1=x ");
    CHECK(s.spool->damage() == SpoolDamage{.unreadable = 1});
    CHECK(s.spool->acknowledge(1));
    s.spool->finish();
    CHECK(s.disk.bytes(s.segment(1)) == bytes);
  }
}

TEST_CASE("found: an acknowledgement beyond the last record, or none that is intact") {
  const std::string pointers[] = {delivery::encode_ack(9) + delivery::encode_ack(7), "garbage", "",
                                  std::string(64, '\0')};
  for (const std::string& pointer : pointers) {
    SpoolScene s;
    s.put_segment(1, line(1, "a") + line(2, "b"));
    s.disk.put(s.folder / "ack", pointer);
    s.adopt();
    CHECK(s.spool->last_acknowledged() == 0);
    CHECK(s.rest() == "1=a 2=b ");
  }
}

TEST_CASE("found: one intact acknowledgement slot of two") {
  SpoolScene s;
  s.put_segment(1, line(1, "a") + line(2, "b") + line(3, "c"));
  s.disk.put(s.folder / "ack", delivery::encode_ack(1) + "00000000 0000000000000000000002\n");
  s.adopt();
  CHECK(s.spool->last_acknowledged() == 1);
}

TEST_CASE("found: what is below the first segment was dealt with, whatever became of the pointer") {
  SpoolScene s;
  s.put_segment(3, line(7, "g") + line(8, "h"), 7);
  s.adopt();
  CHECK(s.spool->last_acknowledged() == 6);
  CHECK(s.rest(6) == "7=g 8=h ");
  CHECK(s.spool->damage() == SpoolDamage{});
}

TEST_CASE("found: an empty segment, and one that was cut off within its header") {
  SpoolScene s;
  s.put_segment(1, line(1, "a"));
  s.disk.put(s.segment(2), "");
  s.disk.put(s.segment(3), "12345678 0 {\"form");
  s.put_segment(4, line(2, "b"), 2);
  s.adopt();
  CHECK(s.rest() == "1=a 2=b ");
  CHECK(s.spool->damage() == SpoolDamage{.torn = 2});
  CHECK(s.spool->acknowledge(2));
  s.spool->finish();
  CHECK_FALSE(s.disk.exists(s.folder));
}

TEST_CASE("found: a link, FIFO, folder or foreign file in place of a segment") {
  using Entry = std::pair<FolderEntry::Kind, FolderEntry::Trust>;
  for (const auto& [kind, trust] : {Entry{FolderEntry::Kind::other, FolderEntry::Trust::ours},
                                    Entry{FolderEntry::Kind::folder, FolderEntry::Trust::ours},
                                    Entry{FolderEntry::Kind::file, FolderEntry::Trust::foreign}}) {
    SpoolScene s;
    s.put_segment(1, line(1, "a"));
    s.disk.forge(s.segment(2), kind, trust);
    s.adopt();
    CHECK(s.rest() == "1=a ");
    CHECK(s.spool->damage() == SpoolDamage{.refused = 1});
  }
}

TEST_CASE("found: a later segment replaces the end of an earlier one") {
  SpoolScene s;
  s.put_segment(1, line(1, "a") + line(2, "b") + line(3, "void") + "torn");
  s.put_segment(2, line(3, "c") + line(4, "d"), 3);
  s.adopt();
  CHECK(s.rest() == "1=a 2=b 3=c 4=d ");
  CHECK(s.spool->damage() == SpoolDamage{});
}
