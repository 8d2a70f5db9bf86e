// What does it cost to read an event of 1 KB, and to write it? Beside it the same text through nlohmann/json.
//
//   json_bench [EVENTS]

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "agentpipe/model/codec.hpp"
#include "load.hpp"

using namespace agentpipe;

namespace {

template <class Work>
void report(const char* what, const std::vector<std::string>& texts, Work work) {
  const auto begin = std::chrono::steady_clock::now();
  std::size_t sum = 0;
  for (const auto& text : texts) sum += work(text);
  const auto spent =
      std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count();
  std::printf("%-34s %6.2f us/event   (%zu)\n", what, spent / static_cast<double>(texts.size()), sum);
}

std::size_t decoded(const std::string& text) {
  return model::decode_event(text, {}).has_value() ? 1 : 0;
}

std::size_t decoded_and_encoded(const std::string& text) {
  const auto event = model::decode_event(text, {});
  return event ? model::encode_event(*event).size() : 0;
}

}  // namespace

int main(int count, char** arguments) {
  const auto events = static_cast<std::size_t>(count > 1 ? std::atoi(arguments[1]) : 100'000);
  std::vector<std::string> texts;
  for (std::size_t n = 0; n < events; ++n) {
    texts.push_back(bench::message_event("bench", n));
    texts.back().reserve(texts.back().size() + 64);  // as the server's bodies are
  }
  std::printf("%zu events of %zu bytes\n", texts.size(), texts.front().size());
  report("read", texts, decoded);
  report("read and written", texts, decoded_and_encoded);
  report("read by nlohmann/json", texts,
         [](const std::string& text) { return nlohmann::json::parse(text).size(); });
}
