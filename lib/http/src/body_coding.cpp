#include "body_coding.hpp"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <memory>

#include "agentpipe/base/text.hpp"

namespace agentpipe::http {

namespace {

// RFC 9659: what an HTTP client may ask of us, 8 MiB.
constexpr int k_zstd_window_log = 23;
constexpr std::size_t k_portion = 64UL << 10U;

struct Name {
  std::string_view name;
  Coding coding;
};
constexpr std::array<Name, 5> k_names{{{"", Coding::identity},
                                       {"identity", Coding::identity},
                                       {"gzip", Coding::gzip},
                                       {"x-gzip", Coding::gzip},
                                       {"zstd", Coding::zstd}}};

auto damaged() {
  return base::failure_at("Content-Encoding", base::ErrorCode::invalid,
                          "The body is not what its Content-Encoding says, or it is damaged.",
                          "invalid_encoding");
}

/// What one call of a decoder did.
struct Portion {
  std::size_t read = 0;
  std::size_t written = 0;
  enum class State : unsigned char { more, end, damaged } state = State::more;
};

class Gunzip {
 public:
  Gunzip() : ready_(inflateInit2(&stream_, k_gzip_window) == Z_OK) {}
  Gunzip(const Gunzip&) = delete;
  Gunzip& operator=(const Gunzip&) = delete;
  ~Gunzip() {
    if (ready_) inflateEnd(&stream_);
  }

  Portion next(std::string_view packed, std::string& out) {
    if (!ready_) return {0, 0, Portion::State::damaged};
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream_.avail_in = static_cast<uInt>(packed.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    const int status = inflate(&stream_, Z_NO_FLUSH);
    Portion portion{packed.size() - stream_.avail_in, out.size() - stream_.avail_out, Portion::State::more};
    if (status == Z_STREAM_END) portion.state = Portion::State::end;
    if (status != Z_OK && status != Z_STREAM_END) portion.state = Portion::State::damaged;
    return portion;
  }

 private:
  z_stream stream_{};
  bool ready_;
};

class Unzstd {
 public:
  Unzstd() : context_(ZSTD_createDCtx()) {
    ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, k_zstd_window_log);
  }

  Portion next(std::string_view packed, std::string& out) {
    ZSTD_inBuffer in{packed.data(), packed.size(), 0};
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    const std::size_t left = ZSTD_decompressStream(context_.get(), &to, &in);
    Portion portion{in.pos, to.pos, left == 0 ? Portion::State::end : Portion::State::more};
    const bool stuck = in.pos == 0 && to.pos == 0;
    if (ZSTD_isError(left) != 0 || (left != 0 && stuck)) portion.state = Portion::State::damaged;
    return portion;
  }

 private:
  struct Free {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };
  std::unique_ptr<ZSTD_DCtx, Free> context_;
};

base::Result<void> check_size(std::size_t plain, std::size_t packed, std::size_t limit) {
  if (plain > limit) {
    return base::failure(base::ErrorCode::too_large, "The body may have at most " + std::to_string(limit) +
                                                         " bytes here, counted without Content-Encoding.");
  }
  if (plain > k_trusted_size && plain / k_most_ratio > packed) {
    return base::failure(base::ErrorCode::too_large,
                         "The body grows to more than " + std::to_string(k_most_ratio) +
                             " times its packed size; send it with less compression or in parts.");
  }
  return {};
}

template <class Decoder>
base::Result<std::string> unpack_with(Decoder& decoder, std::string_view packed, std::size_t limit) {
  std::string plain;
  std::string portion(k_portion, '\0');
  const std::size_t size = packed.size();
  for (;;) {
    const Portion got = decoder.next(packed, portion);
    packed.remove_prefix(got.read);
    plain.append(portion.data(), got.written);
    if (auto fine = check_size(plain.size(), size, limit); !fine) return base::forward(fine);
    if (got.state == Portion::State::damaged) return damaged();
    if (got.state == Portion::State::end) break;
  }
  if (!packed.empty()) return damaged();
  return plain;
}

}  // namespace

std::optional<Coding> coding_of(const Request& request) {
  const auto name = base::trim(request.header_or_empty("content-encoding"));
  const auto* const row = std::ranges::find_if(
      k_names, [&](const Name& known) { return base::equals_ignore_case(known.name, name); });
  if (row == k_names.end()) return std::nullopt;
  return row->coding;
}

base::Result<std::string> unpack(Coding coding, std::string_view packed, std::size_t limit) {
  if (coding == Coding::gzip) {
    Gunzip decoder;
    return unpack_with(decoder, packed, limit);
  }
  if (coding == Coding::zstd) {
    Unzstd decoder;
    return unpack_with(decoder, packed, limit);
  }
  return std::string(packed);
}

}  // namespace agentpipe::http
