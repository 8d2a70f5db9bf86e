#include "agentpipe/follow/places.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <vector>

#include "agentpipe/base/crypto.hpp"
#include "agentpipe/base/text.hpp"

namespace agentpipe::follow {

namespace {

/// Of 15,000 files a few MB; beyond this something is wrong.
constexpr std::uint64_t k_max_file = 256UL << 20U;
/// Old lines are worth a rewrite when there are so many more than places.
constexpr std::size_t k_old_lines = 1000;
/// The next line would join a torn one: that is worth a rewrite at once.
constexpr std::size_t k_torn_end = std::size_t{1} << 32U;
constexpr std::size_t k_fields = 11;

std::string checksum(std::string_view rest) {
  constexpr std::string_view k_digits = "0123456789abcdef";
  std::string text(8, '0');
  auto crc = base::crc32c(rest);
  for (std::size_t i = text.size(); i-- > 0; crc >>= 4U) text[i] = k_digits[crc & 15U];
  return text;
}

std::string line_of(const std::string& path, const Place& place) {
  const auto& facts = place.facts;
  std::string rest;
  for (const auto number :
       {facts.device, facts.inode, facts.size, static_cast<std::uint64_t>(facts.modified_ns), place.offset,
        place.lines, static_cast<std::uint64_t>(place.head_size)}) {
    rest += std::to_string(number) + '\t';
  }
  rest += place.head_hash + '\t' + place.format + '\t' + base::percent_encode(place.context) + '\t' +
          base::percent_encode(path);
  return checksum(rest) + '\t' + rest + '\n';
}

/// Nothing for a line that cannot be believed.
std::optional<std::pair<std::string, Place>> read_line(std::string_view line) {
  constexpr std::size_t k_checksum = 8;
  if (line.size() <= k_checksum || line.substr(0, k_checksum) != checksum(line.substr(k_checksum + 1)))
    return std::nullopt;
  const auto fields = base::split(line.substr(k_checksum + 1), '\t');
  if (fields.size() != k_fields) return std::nullopt;
  std::array<std::uint64_t, 7> numbers{};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto number = base::parse_number(fields[i]);
    if (!number) return std::nullopt;
    numbers[i] = *number;
  }
  const auto context = base::percent_decode(fields[9], false);
  const auto path = base::percent_decode(fields[10], false);
  if (!context || !path) return std::nullopt;
  Place place{{numbers[0], numbers[1], numbers[2], static_cast<std::int64_t>(numbers[3])},
              numbers[4],
              numbers[5],
              static_cast<std::size_t>(numbers[6]),
              std::string(fields[7]),
              std::string(fields[8]),
              *context};
  return std::pair(*path, std::move(place));
}

/// Held while the file is replaced (alone) or appended to (with others).
base::Result<base::FileDescriptor> lock(const std::filesystem::path& file, int kind) {
  const auto path = file.string() + ".lock";
  base::FileDescriptor fd(
      ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, base::k_private_file));
  int done = -1;
  while (fd.valid() && (done = ::flock(fd.get(), kind)) != 0 && errno == EINTR) {
  }
  if (done != 0) return base::failure(base::ErrorCode::io, path + ": " + base::system_message(errno));
  return fd;
}

base::Result<void> append(const std::filesystem::path& file, const std::string& line) {
  const base::FileDescriptor fd(
      ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, base::k_private_file));
  if (!fd.valid() || ::write(fd.get(), line.data(), line.size()) != static_cast<ssize_t>(line.size()))
    return base::failure(base::ErrorCode::io,
                         "cannot write " + file.string() + ": " + base::system_message(errno));
  return {};
}

}  // namespace

void Places::keep(const std::string& path, Place place) {
  by_inode_[{place.facts.device, place.facts.inode}] = place;
  places_[path] = std::move(place);
}

/// Number of lines, good and bad.
std::size_t Places::read_lines(std::string_view text) {
  std::size_t lines = 0;
  for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    if (auto line = read_line(text.substr(0, end))) keep(line->first, std::move(line->second));
    text.remove_prefix(end + 1);
    ++lines;
  }
  return text.empty() ? lines : lines + k_torn_end;
}

base::Result<Places> Places::open(const std::filesystem::path& file) {
  Places places(file);
  if (auto made = base::ensure_private_directory(file.parent_path()); !made) return base::forward(made);
  const auto locked = lock(file, LOCK_EX);
  if (!locked) return base::forward(locked);
  const auto text = base::read_file(file, k_max_file);
  if (!text && text.error().code == base::ErrorCode::not_found) return places;
  if (!text) return base::forward(text);
  const auto lines = places.read_lines(*text);
  if (lines <= 2 * places.places_.size() + k_old_lines) return places;
  std::string shorter;
  for (const auto& [path, place] : places.places_) shorter += line_of(path, place);
  if (auto written = base::write_file_atomically(file, shorter); !written) return base::forward(written);
  return places;
}

const Place* Places::find(const std::string& path) const {
  const auto found = places_.find(path);
  return found == places_.end() ? nullptr : &found->second;
}

const Place* Places::find_moved(const Facts& facts) const {
  const auto found = by_inode_.find({facts.device, facts.inode});
  return found == by_inode_.end() ? nullptr : &found->second;
}

base::Result<void> Places::remember(const std::string& path, Place place) {
  if (const auto* known = find(path); known != nullptr && *known == place) return {};
  const std::string line = line_of(path, place);
  keep(path, std::move(place));
  if (!writes_) return {};
  const auto locked = lock(file_, LOCK_SH);
  if (!locked) return base::forward(locked);
  return append(file_, line);
}

}  // namespace agentpipe::follow
