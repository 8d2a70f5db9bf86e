#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "agentpipe/formats/ledger.hpp"
#include "agentpipe/formats/read_all.hpp"
#include "agentpipe/model/codec.hpp"
#include "agentpipe/model/limits.hpp"

/// Any bytes may be read as the format FUZZ_FORMAT, and whatever comes out is an event that the other end
/// takes.

namespace {

using namespace agentpipe;

class CheckingSink final : public formats::Sink {
 public:
  void event(model::Event event) override {
    const auto json = model::encode_event(event);
    if (json.size() > model::k_max_event) fail("too large", json);
    if (const auto decoded = model::decode_event(json, {}); !decoded)
      fail(decoded.error().message.c_str(), json);
  }
  void skipped(formats::Skip, std::uint64_t) override {}
  void problem(formats::Problem) override {}

 private:
  [[noreturn]] static void fail(const char* why, const std::string& json) {
    std::fprintf(stderr, "an event that nobody takes: %s\n%.2000s\n", why, json.c_str());
    std::abort();
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  formats::Origin origin{"input.jsonl", base::Timestamp(base::Milliseconds(1'767'600'000'000))};
  origin.ledger = std::make_shared<formats::Ledger>();
  if (size % 4 == 0) origin.writer = formats::Writer::present;
  CheckingSink sink;
  formats::read_all(bytes, origin, formats::find_format(FUZZ_FORMAT), sink);
  return 0;
}
