#include "claude_subagents.hpp"

#include <array>
#include <fstream>
#include <string_view>

#include "agentpipe/formats/line_splitter.hpp"
#include "claude_meta.hpp"
#include "claude_text.hpp"
#include "rows.hpp"

namespace agentpipe::formats::claude {
namespace {

constexpr std::size_t k_growth_read = 64UL << 10U;

}  // namespace

bool SubagentFiles::catch_up(const std::string& session, const std::string& call, Sink& sink) {
  if (!origin_.session_files) return false;
  const auto [entry, is_first] = files_.try_emplace(call);
  if (is_first) entry->second = open(session, call);
  if (!entry->second.reader) return false;
  read_on(entry->second, sink);
  entry->second.reader->pause(sink);
  return true;
}

SubagentFiles::File SubagentFiles::open(const std::string& session, const std::string& call) const {
  for (const auto& path : origin_.session_files(k_source, session)) {
    Origin origin{path.filename().string(), origin_.arrived, path};
    if (read_meta(origin).call_id != call) continue;
    origin.prices = origin_.prices;
    return {path, open_claude_code(origin)};
  }
  return {};
}

void SubagentFiles::read_on(File& file, Sink& sink) {
  std::ifstream input(file.path, std::ios::binary);
  input.seekg(static_cast<std::streamoff>(file.offset));
  // A line without an end stays in the splitter, untold, and is read again next time.
  LineSplitter splitter(*file.reader, sink, k_max_document, file.lines);
  std::array<char, k_growth_read> room{};
  for (auto at = file.offset; input; at += static_cast<std::uint64_t>(input.gcount())) {
    input.read(room.data(), room.size());
    const std::string_view bytes(room.data(), static_cast<std::size_t>(input.gcount()));
    splitter.feed(bytes);
    if (const auto last = bytes.rfind('\n'); last != std::string_view::npos) file.offset = at + last + 1;
  }
  file.lines = splitter.lines();
}

void SubagentFiles::finish(Sink& sink) {
  for (auto& [call, file] : files_) {
    if (!file.reader) continue;
    read_on(file, sink);
    file.reader->end(sink);
  }
}

}  // namespace agentpipe::formats::claude
