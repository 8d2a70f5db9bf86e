#include "agentpipe/formats/read_all.hpp"

#include <algorithm>
#include <istream>
#include <streambuf>
#include <string>

#include "agentpipe/formats/line_splitter.hpp"

namespace agentpipe::formats {
namespace {

/// Bytes in memory as a stream buffer, without a copy.
class ViewBuffer final : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view bytes) {
    char* begin = const_cast<char*>(bytes.data());  // a get area is never written to
    setg(begin, begin, begin + bytes.size());
  }
};

constexpr std::size_t k_first_room = 16UL << 10U;  // as much as most files need

/// The next up to k_head bytes; shorter only at the end of the input.
std::string_view read_some(std::istream& input, std::string& room) {
  room.resize(std::max(room.size(), k_first_room));
  for (std::size_t held = 0;;) {
    input.read(room.data() + held, static_cast<std::streamsize>(room.size() - held));
    held += static_cast<std::size_t>(input.gcount());
    if (held < room.size() || held == k_head) return std::string_view(room).substr(0, held);
    room.resize(std::min(room.size() * 4, k_head));
  }
}

/// To the end of the input, which begins with `bytes`; the number of lines, where they were looked at.
std::uint64_t feed_all(std::istream& input, std::string_view bytes, std::string& room, const Format& format,
                       const Origin& origin, Reader& reader, Sink& sink) {
  using Feed = Format::Feed;
  if (format.feed == Feed::file && !origin.path.empty()) return 0;
  if (format.feed != Feed::lines) {
    for (; !bytes.empty(); bytes = read_some(input, room)) reader.piece(bytes, sink);
    return 0;
  }
  LineSplitter splitter(reader, sink, format.max_line);
  for (; !bytes.empty(); bytes = read_some(input, room)) splitter.feed(bytes);
  splitter.finish();
  return splitter.lines();
}

}  // namespace

const Format* read_all(std::istream& input, const Origin& origin, const Format* forced, Sink& sink) {
  std::string room;
  auto bytes = read_some(input, room);
  if (bytes.empty()) {
    sink.problem({0, input.bad() ? "could not be read" : "empty: there is nothing in it"});
    return nullptr;
  }
  const Format* format = forced != nullptr ? forced : recognise(bytes, origin);
  if (format == nullptr) {
    sink.problem({0, std::string(k_no_known_format)});
    return nullptr;
  }
  const auto reader = format->open(origin);
  const auto lines = feed_all(input, bytes, room, *format, origin, *reader, sink);
  if (input.bad()) sink.problem({lines, "could not be read further; what comes after is missing"});
  reader->end(sink);
  if (origin.quiet) reader->quiet(sink);
  return format;
}

const Format* read_all(std::string_view bytes, const Origin& origin, const Format* forced, Sink& sink) {
  ViewBuffer buffer(bytes);
  std::istream input(&buffer);
  return read_all(input, origin, forced, sink);
}

}  // namespace agentpipe::formats
