#include "agentpipe/base/crypto.hpp"

#include <doctest/doctest.h>

#include <string>

#include "agentpipe/base/secret.hpp"

using namespace agentpipe::base;

TEST_CASE("digests agree with the published test vectors") {
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("CRC-32C agrees with RFC 3720 B.4, by the CPU and by the table") {
  std::string up;
  for (char c = 0; c < 32; ++c) up += c;
  const std::string down(up.rbegin(), up.rend());
  for (const auto crc : {crc32c, crc32c_in_software}) {
    CHECK(crc("") == 0);
    CHECK(crc("123456789") == 0xE3069283);
    CHECK(crc(std::string(32, '\0')) == 0x8A9136AA);
    CHECK(crc(std::string(32, '\xff')) == 0x62A8AB43);
    CHECK(crc(up) == 0x46DD794E);
    CHECK(crc(down) == 0x113FDB5C);
  }
  const std::string text = "every length takes another way through the words and the rest";
  for (std::size_t size = 0; size < text.size(); ++size)
    CHECK(crc32c(text.substr(0, size)) == crc32c_in_software(text.substr(0, size)));
}

TEST_CASE("base64url has no padding and only URL characters") {
  CHECK(base64url("") == "");
  CHECK(base64url("f") == "Zg");
  CHECK(base64url("foobar") == "Zm9vYmFy");
  CHECK(base64url("\xff\xfe\xfd") == "__79");
}

TEST_CASE("a version-4 UUID has its shape and is new each time") {
  const auto id = uuid_v4();
  CHECK(id.size() == 36);
  CHECK(id[14] == '4');
  CHECK(std::string("89ab").find(id[19]) != std::string::npos);
  CHECK(uuid_v4() != id);
}

TEST_CASE("a secret shows its prefix and tail, a short one nothing") {
  CHECK(Secret("ap_live_0123456789abcd").masked() == "ap_live_…abcd");
  CHECK(Secret("0123456789abcd").masked() == "…abcd");
  CHECK(Secret("short").masked() == "(set)");
  CHECK(Secret("").masked() == "");
}

TEST_CASE("a generated key is 192 random bits behind the prefix, and no two are alike") {
  const auto key = generate_api_key();
  CHECK(key.reveal().size() == 8 + 32);
  CHECK(key.reveal().starts_with("ap_live_"));
  CHECK(generate_api_key() != key);
}
