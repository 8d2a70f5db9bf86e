#include <doctest/doctest.h>

#include <fstream>

#include "agentpipe/formats/reader.hpp"
#include "temporary_directory.hpp"

using namespace agentpipe;

namespace {

std::string claude_record(const std::string& uuid, const std::string& session,
                          const std::string& copied_from = {}) {
  const auto fork = copied_from.empty() ? copied_from
                                        : R"(,"forkedFrom":{"sessionId":")" + copied_from +
                                              R"(","messageUuid":")" + uuid + R"("})";
  return R"({"type":"user","uuid":")" + uuid + R"(","sessionId":")" + session +
         R"(","message":{"role":"user","content":"Go on"})" + fork + "}\n";
}

class Folder {
 public:
  std::string lineage(const std::string& name, const std::string& text) {
    const auto path = folder_.path() / name;
    std::ofstream(path, std::ios::binary) << text;
    const formats::Origin origin{name, {}, path};
    return formats::recognise(text, origin)->lineage(text, origin);
  }

 private:
  test::TemporaryDirectory folder_;
};

}  // namespace

TEST_CASE("forks of Claude Code are of one line, also when a compaction has left less to copy") {
  Folder folder;
  CHECK(folder.lineage("s-1.jsonl", claude_record("u-1", "s-1") + claude_record("u-2", "s-1")) ==
        "claude-code u-1");
  CHECK(folder.lineage("s-2.jsonl", claude_record("u-1", "s-2", "s-1")) == "claude-code u-1");
  CHECK(folder.lineage("s-3.jsonl", claude_record("u-2", "s-3", "s-1")) == "claude-code u-1");
  CHECK(folder.lineage("s-4.jsonl", claude_record("u-2", "s-4", "s-3")) == "claude-code u-1");
  CHECK(folder.lineage("s-5.jsonl", claude_record("u-2", "s-5", "none")) == "claude-code u-2");
  CHECK(folder.lineage("s-6.jsonl", claude_record("u-2", "s-6", "s-6")) == "claude-code u-2");
  CHECK(folder.lineage("s-7.jsonl", claude_record("u-2", "s-7", "../s-1")) == "claude-code u-2");
}

TEST_CASE(
    "rollouts of Codex are of one line by the first turn, or by the session where turns are not copied") {
  Folder folder;
  const std::string turn = R"({"type":"turn_context","payload":{"turn_id":"t-1"}})"
                           "\n";
  const auto meta = [](const std::string& more) {
    return R"({"type":"session_meta","payload":{"id":"c-1")" + more + "}}\n";
  };
  CHECK(folder.lineage("rollout-1.jsonl", meta("") + turn) == "codex t-1");
  CHECK(folder.lineage("rollout-2.jsonl", meta(R"(,"history_mode":"paginated")") + turn) == "codex c-1");
}
