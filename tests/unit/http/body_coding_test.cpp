#include "body_coding.hpp"

#include <doctest/doctest.h>
#include <zstd.h>

#include "agentpipe/http/static_files.hpp"

using namespace agentpipe;
using http::Coding;

namespace {

std::string zstd(std::string_view plain) {
  std::string packed(ZSTD_compressBound(plain.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), plain.data(), plain.size(), 3));
  return packed;
}

std::string pack(Coding coding, std::string_view plain) {
  return coding == Coding::gzip ? http::gzip(plain) : zstd(plain);
}

/// The size of what came out, or the kind of the refusal.
std::string result(Coding coding, std::string_view packed, std::size_t limit = 64UL << 20U) {
  const auto plain = http::unpack(coding, packed, limit);
  return plain ? std::to_string(plain->size()) : std::string(base::to_string(plain.error().code));
}

/// Text that packs to about a third.
std::string text(std::size_t size) {
  std::string made;
  unsigned state = 1;
  while (made.size() < size) made += std::to_string(state = state * 1664525U + 1013904223U) + " words ";
  made.resize(size);
  return made;
}

}  // namespace

TEST_CASE("a packed body comes out as it went in, up to its limit") {
  for (const Coding coding : {Coding::gzip, Coding::zstd}) {
    const std::string plain = text(300'000);
    CHECK(http::unpack(coding, pack(coding, plain), 300'000) == plain);
    CHECK(result(coding, pack(coding, plain), 299'999) == "too_large");
    CHECK(result(coding, pack(coding, "")) == "0");
  }
}

TEST_CASE("a bomb is refused by its ratio long before its limit") {
  for (const Coding coding : {Coding::gzip, Coding::zstd}) {
    CHECK(result(coding, pack(coding, std::string(1UL << 20U, ' '))) == "1048576");
    CHECK(result(coding, pack(coding, std::string(32UL << 20U, ' '))) == "too_large");
  }
}

TEST_CASE("a damaged, cut or lengthened body is invalid") {
  for (const Coding coding : {Coding::gzip, Coding::zstd}) {
    const std::string packed = pack(coding, text(100'000));
    CHECK(result(coding, "") == "invalid");
    CHECK(result(coding, "no such thing") == "invalid");
    CHECK(result(coding, std::string_view(packed).substr(0, packed.size() - 1)) == "invalid");
    CHECK(result(coding, packed + "x") == "invalid");
    std::string hurt = packed;
    hurt[packed.size() / 2] = static_cast<char>(hurt[packed.size() / 2] ^ 0x55);
    if (coding == Coding::gzip) CHECK(result(coding, hurt) == "invalid");  // zstd's checksum is optional
  }
}
