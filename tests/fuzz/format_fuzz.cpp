#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "agentpipe/formats/ledger.hpp"
#include "agentpipe/formats/read_all.hpp"
#include "checking_sink.hpp"
#include "input_file.hpp"

/// Any bytes may be read as any format: `fuzz_format NAME`, then what libFuzzer takes. `fuzz_format --names`
/// tells which there are.

using namespace agentpipe;

namespace {

const formats::Format* chosen = nullptr;

formats::Origin origin_of(std::size_t size) {
  formats::Origin origin{"input.jsonl", fuzz::k_received};
  origin.ledger = std::make_shared<formats::Ledger>();
  if (size % 4 == 0) origin.writer = formats::Writer::present;
  return origin;
}

void read_text(std::string_view bytes) {
  fuzz::CheckingSink sink;
  formats::read_all(bytes, origin_of(bytes.size()), chosen, sink);
}

void read_file(std::string_view bytes) {
  auto origin = origin_of(bytes.size());
  origin.name = "input";
  origin.path = fuzz::write_input(chosen->name, bytes);
  fuzz::CheckingSink sink;
  const auto reader = chosen->open(origin);
  reader->end(sink);
  // Who comes back later finds nothing new.
  const auto again = chosen->open(origin);
  again->resume(reader->context());
  again->end(sink);
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  const char* name = *count > 1 ? (*arguments)[1] : "";
  if (std::strcmp(name, "--names") == 0) {
    for (const auto& format : formats::all_formats()) std::puts(std::string(format.name).c_str());
    std::exit(0);
  }
  chosen = formats::find_format(name);
  if (chosen == nullptr) {
    std::fprintf(stderr, "fuzz_format: no format \"%s\"; fuzz_format --names tells them\n", name);
    std::exit(2);
  }
  std::swap((*arguments)[0], (*arguments)[1]);
  ++*arguments;
  --*count;
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = fuzz::text_of(data, size);
  chosen->feed == formats::Format::Feed::file ? read_file(bytes) : read_text(bytes);
  return 0;
}
