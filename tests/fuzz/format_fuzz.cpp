#include <cstdint>

#include "agentpipe/formats/ledger.hpp"
#include "agentpipe/formats/read_all.hpp"
#include "checking_sink.hpp"

/// Any bytes may be read as the format FUZZ_FORMAT.

using namespace agentpipe;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  formats::Origin origin{"input.jsonl", fuzz::k_received};
  origin.ledger = std::make_shared<formats::Ledger>();
  if (size % 4 == 0) origin.writer = formats::Writer::present;
  fuzz::CheckingSink sink;
  formats::read_all(fuzz::text_of(data, size), origin, formats::find_format(FUZZ_FORMAT), sink);
  return 0;
}
