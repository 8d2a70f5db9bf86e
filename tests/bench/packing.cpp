#include "packing.hpp"

#include <time.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "agentpipe/base/crypto.hpp"
#include "agentpipe/base/files.hpp"
#include "places.hpp"

namespace agentpipe::bench {

namespace {

constexpr std::size_t k_batch = 256;
constexpr std::size_t k_events = 20'480;
constexpr int k_rounds = 5;
constexpr int k_gzip_window = 15 + 16;

/// How a body is packed.
struct Way {
  std::string_view name;
  std::string_view encoding;
  int level;
};

constexpr Way k_ways[] = {{"gzip, level 1", "gzip", 1}, {"gzip, level 3", "gzip", 3},
                          {"gzip, level 6", "gzip", 6}, {"zstd, level 1", "zstd", 1},
                          {"zstd, level 3", "zstd", 3}, {"zstd, level 6", "zstd", 6}};

const Way* find_way(std::string_view name) {
  return std::ranges::find(k_ways, name, &Way::name);
}

class Packer {
 public:
  explicit Packer(const Way& way) : way_(way), context_(ZSTD_createCCtx()) {}
  Packer(const Packer&) = delete;
  Packer& operator=(const Packer&) = delete;
  ~Packer() { ZSTD_freeCCtx(context_); }

  std::string_view pack(const std::string& plain) {
    return way_.encoding == "zstd" ? zstd(plain) : gzip(plain);
  }

 private:
  std::string_view zstd(const std::string& plain) {
    packed_.resize(ZSTD_compressBound(plain.size()));
    const auto size =
        ZSTD_compressCCtx(context_, packed_.data(), packed_.size(), plain.data(), plain.size(), way_.level);
    if (ZSTD_isError(size) != 0) std::abort();
    return std::string_view(packed_).substr(0, size);
  }
  std::string_view gzip(const std::string& plain) {
    constexpr int k_memory = 8;
    z_stream stream{};
    if (deflateInit2(&stream, way_.level, Z_DEFLATED, k_gzip_window, k_memory, Z_DEFAULT_STRATEGY) != Z_OK)
      std::abort();
    packed_.resize(deflateBound(&stream, plain.size()));
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
    stream.avail_in = static_cast<uInt>(plain.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed_.data());
    stream.avail_out = static_cast<uInt>(packed_.size());
    if (deflate(&stream, Z_FINISH) != Z_STREAM_END) std::abort();
    const std::size_t size = stream.total_out;
    deflateEnd(&stream);
    return std::string_view(packed_).substr(0, size);
  }

  const Way& way_;
  ZSTD_CCtx* context_;
  std::string packed_;
};

class Unpacker {
 public:
  Unpacker() : context_(ZSTD_createDCtx()) {}
  Unpacker(const Unpacker&) = delete;
  Unpacker& operator=(const Unpacker&) = delete;
  ~Unpacker() { ZSTD_freeDCtx(context_); }

  /// The size of what was packed.
  std::size_t unpack(const Way& way, const std::string& packed) {
    if (way.encoding == "gzip") return gzip(packed);
    const auto size = ZSTD_decompressDCtx(context_, room_.data(), room_.size(), packed.data(), packed.size());
    if (ZSTD_isError(size) != 0) std::abort();
    return size;
  }

 private:
  std::size_t gzip(const std::string& packed) {
    z_stream stream{};
    if (inflateInit2(&stream, k_gzip_window) != Z_OK) std::abort();
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef*>(room_.data());
    stream.avail_out = static_cast<uInt>(room_.size());
    if (inflate(&stream, Z_FINISH) != Z_STREAM_END) std::abort();
    inflateEnd(&stream);
    return stream.total_out;
  }

  ZSTD_DCtx* context_;
  std::string room_ = std::string(1UL << 20U, '\0');
};

/// The repository's pages and sources, one after the other.
const std::string& corpus() {
  static const std::string text = [] {
    constexpr std::uint64_t k_most = 1UL << 20U;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(test::sources() / "lib")) {
      const auto extension = entry.path().extension();
      if (extension == ".cpp" || extension == ".hpp" || extension == ".md") files.push_back(entry.path());
    }
    std::ranges::sort(files);
    std::string all;
    for (const auto& file : files) all += base::read_file(file, k_most).value_or("");
    return all;
  }();
  return text;
}

/// Events of 200 to 1,500 bytes of content, a batch a body.
std::vector<std::string> bodies(std::size_t count, std::size_t batch) {
  static std::size_t run = 0;
  static std::size_t at = 0;
  constexpr std::array<std::size_t, 5> k_lengths{200, 400, 700, 1000, 1500};
  const std::string session = "packing-" + std::to_string(++run);
  std::vector<std::string> made;
  for (std::size_t n = 1; n <= count; ++n) {
    const std::size_t length = k_lengths[n % k_lengths.size()];
    if (at + length > corpus().size()) at = 0;
    const nlohmann::json event{{"type", "message.created"},
                               {"timestamp", "2026-01-05T08:00:04.123Z"},
                               {"data",
                                {{"conversation_id", session},
                                 {"message_id", base::uuid_v4()},
                                 {"agent_id", "claude-0"},
                                 {"agent_type", "claude"},
                                 {"content", corpus().substr(at, length)},
                                 {"sequence_number", n},
                                 {"input_tokens", n * 7 % 5000},
                                 {"output_tokens", n * 13 % 900},
                                 {"model", "claude-sonnet-4.5"}}}};
    at += length;
    const std::string text = event.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    if ((n - 1) % batch == 0) {
      made.push_back(text);
    } else {
      made.back().append("\n").append(text);
    }
  }
  return made;
}

double thread_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

/// Of one event, on the average.
struct Cost {
  double pack_us = 0, unpack_us = 0, plain = 0, packed = 0;
};

Cost cost_of(const Way& way, const std::vector<std::string>& bodies, std::size_t batch) {
  Packer packer(way);
  Unpacker unpacker;
  std::vector<std::string> packed;
  std::size_t plain = 0;
  const double begin = thread_seconds();
  for (const std::string& body : bodies) packed.emplace_back(packer.pack(body));
  const double between = thread_seconds();
  for (const std::string& body : packed) plain += unpacker.unpack(way, body);
  const double end = thread_seconds();
  const auto events = static_cast<double>(bodies.size() * batch);
  Cost cost{(between - begin) / events * 1e6, (end - between) / events * 1e6,
            static_cast<double>(plain) / events};
  for (const std::string& body : packed) cost.packed += static_cast<double>(body.size()) / events;
  return cost;
}

/// The middle of some rounds by what both ends spend.
Cost measure(const Way& way, std::size_t batch) {
  const auto all = bodies(k_events / batch * batch, batch);
  std::vector<Cost> rounds;
  for (int round = 0; round < k_rounds; ++round) rounds.push_back(cost_of(way, all, batch));
  std::ranges::sort(rounds, {}, [](const Cost& cost) { return cost.pack_us + cost.unpack_us; });
  return rounds[k_rounds / 2];
}

void print(const Way& way, std::size_t batch, const Cost& cost) {
  // Below this rate a line gains more time than the processors lose.
  const double rate = (cost.plain - cost.packed) * 8 / (cost.pack_us + cost.unpack_us);
  std::printf(
      "%-14s %4zu event(s), body %6.1f KiB: %4.1f to 1, client %5.1f us, server %5.1f us an event, worth it "
      "below %5.0f Mbit/s\n",
      std::string(way.name).c_str(), batch, cost.plain * static_cast<double>(batch) / 1024,
      cost.plain / cost.packed, cost.pack_us, cost.unpack_us, rate);
  std::fflush(stdout);
}

}  // namespace

void measure_packing() {
  for (const Way& way : k_ways) print(way, k_batch, measure(way, k_batch));
  for (std::size_t batch = 1; batch < k_batch; batch *= 2) {
    for (const Way* way : {find_way("zstd, level 1"), find_way("zstd, level 3")})
      print(*way, batch, measure(*way, batch));
  }
}

}  // namespace agentpipe::bench
