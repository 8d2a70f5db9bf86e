#include "agentpipe/base/crypto.hpp"

#include <doctest/doctest.h>

#include <string>

#include "agentpipe/base/secret.hpp"

using namespace agentpipe::base;

TEST_CASE("digests agree with the published test vectors") {
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(crc32c("123456789") == 0xE3069283);
  CHECK(crc32c("") == 0);
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
