#include <doctest/doctest.h>
#include <minizip/zip.h>

#include "agent_reading.hpp"
#include "temporary_directory.hpp"

using namespace agentpipe;
using test::lines_of;
using Lines = std::vector<std::string>;

namespace {

enum class Extra : unsigned char { none, zip64, password };

/// An archive as others make it.
class Archive {
 public:
  explicit Archive(std::filesystem::path path) : path_(std::move(path)), zip_(zipOpen64(path_.c_str(), 0)) {
    REQUIRE(zip_ != nullptr);
  }
  void add(const std::string& name, std::string_view text, Extra extra = Extra::none, int times = 1) {
    const int large = extra == Extra::zip64 ? 1 : 0;
    const char* password = extra == Extra::password ? "secret" : nullptr;
    REQUIRE(zipOpenNewFileInZip3_64(zip_, name.c_str(), nullptr, nullptr, 0, nullptr, 0, nullptr, Z_DEFLATED,
                                    9, 0, -MAX_WBITS, DEF_MEM_LEVEL, Z_DEFAULT_STRATEGY, password, 0,
                                    large) == ZIP_OK);
    for (; times > 0; --times) zipWriteInFileInZip(zip_, text.data(), static_cast<unsigned>(text.size()));
    zipCloseFileInZip(zip_);
  }
  std::filesystem::path close() {
    zipClose(zip_, nullptr);
    return path_;
  }

 private:
  std::filesystem::path path_;
  zipFile zip_;
};

test::Reading read_zip(const std::filesystem::path& path) {
  return test::read_from(test::file_text(path), test::origin_at(path));
}

std::string claude() {
  return test::fixture_text("claude-ai/conversations.json");
}

}  // namespace

TEST_CASE("an export's zip archive reads like the file in it, whatever lies beside it") {
  const test::TemporaryDirectory folder;
  Archive archive(folder.path() / "export.zip");
  archive.add("chat.html", "<p>not this one</p>");
  archive.add("../../../etc/users.json", "{}");
  archive.add("data/conversations.json", test::fixture_text("chatgpt/conversations.json"));
  const auto reading = read_zip(archive.close());
  CHECK(reading.format == "zip");
  CHECK(reading.sink.problems == Lines{});
  CHECK(lines_of(reading) == lines_of(test::read_file("chatgpt/conversations.json")));
  CHECK(reading.sink.all<model::ConversationStarted>().at(0).source_format == "chatgpt");
}

TEST_CASE("archives of zip64 and of several files are read, piece by piece") {
  const test::TemporaryDirectory folder;
  Archive archive(folder.path() / "export.zip");
  archive.add("conversations-000.json", claude(), Extra::zip64);
  archive.add("conversations-001.json", claude() + std::string(1'000'000, ' '));
  const auto reading = read_zip(archive.close());
  CHECK(reading.sink.problems == Lines{});
  CHECK(lines_of(reading).size() == 2 * lines_of(test::read_file("claude-ai/conversations.json")).size());
}

TEST_CASE("what cannot be read of an archive is told with its name; the rest is read") {
  const test::TemporaryDirectory folder;
  Archive archive(folder.path() / "export.zip");
  archive.add("conversations-000.json", claude(), Extra::password);
  archive.add("conversations-001.json", R"([{"recipe":"soup"}])");
  archive.add("conversations-002.json", claude());
  const auto reading = read_zip(archive.close());
  CHECK(reading.sink.problems ==
        Lines{"0: conversations-000.json: it is protected by a password; unpack it first",
              "0: conversations-001.json: neither an export of ChatGPT nor of Claude.ai"});
  CHECK(!lines_of(reading).empty());
}

TEST_CASE("a damaged or cut archive is a problem") {
  const test::TemporaryDirectory folder;
  Archive archive(folder.path() / "export.zip");
  archive.add("conversations.json", claude());
  const auto path = archive.close();
  const auto bytes = test::file_text(path);
  auto damaged = bytes;
  for (std::size_t i = 60; i < 120; ++i) damaged[i] = 'x';
  std::ofstream(path, std::ios::binary) << damaged;
  CHECK(read_zip(path).sink.problems == Lines{"0: conversations.json: the zip archive is damaged here"});
  std::ofstream(path, std::ios::binary) << bytes.substr(0, bytes.size() / 2);
  CHECK(read_zip(path).format.empty());
}

TEST_CASE("an archive that unpacks to far more than a conversation could is given up") {
  const test::TemporaryDirectory folder;
  Archive archive(folder.path() / "bomb.zip");
  archive.add("conversations.json", R"([{"mapping":{},"title":"t"},)" + std::string(1UL << 20U, ' '),
              Extra::none, 70);
  CHECK(read_zip(archive.close()).sink.problems.back() ==
        "0: conversations.json: it unpacks to more than 200 times its size; the rest was left out");
}

TEST_CASE("an archive that is piped is kept, in memory or in a folder that shows nothing of it, and read") {
  const test::TemporaryDirectory folder;
  Archive archive(folder.path() / "export.zip");
  archive.add("conversations.json", claude());
  const auto bytes = test::file_text(archive.close());
  std::filesystem::remove(folder.path() / "export.zip");
  for (const auto& scratch : {std::filesystem::path(), folder.path() / "state"}) {
    formats::Origin origin{"", test::k_arrived};
    origin.scratch = scratch;
    const auto reading = test::read_from(bytes, origin);
    CHECK(reading.format == "zip");
    CHECK(reading.sink.problems == Lines{});
    CHECK(lines_of(reading) == lines_of(test::read_file("claude-ai/conversations.json")));
  }
  CHECK(std::filesystem::is_empty(folder.path() / "state"));
}

TEST_CASE("of a piped archive it is told what is wrong: cut off, of something else, no room to keep it") {
  const test::TemporaryDirectory folder;
  Archive archive(folder.path() / "letter.docx");
  archive.add("word/document.xml", "<w/>");
  const auto bytes = test::file_text(archive.close());
  formats::Origin origin{"", test::k_arrived};
  CHECK(test::read_from(bytes, origin).sink.problems ==
        Lines{"0: there is no conversations.json in the zip archive"});
  CHECK(test::read_from(bytes.substr(0, bytes.size() / 2), origin).sink.problems ==
        Lines{"0: not a zip archive, or its end is missing"});
  origin.scratch = folder.path() / "letter.docx";
  CHECK(test::read_from(bytes, origin)
            .sink.problems.at(0)
            .ends_with("; name the zip archive instead of piping it"));
}

TEST_CASE("other archives are none of its") {
  const test::TemporaryDirectory folder;
  Archive archive(folder.path() / "letter.docx");
  archive.add("word/document.xml", "<w/>");
  CHECK(read_zip(archive.close()).format.empty());
}
