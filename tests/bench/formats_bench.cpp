#include <simdjson.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include "agentpipe/formats/read_all.hpp"

/// How fast a session file is read: the file N times, each time with another session id, against counting its
/// lines (`wc -l`) and against parsing its lines and no more. Usage: formats_bench FILE [ID [TIMES]], where
/// ID is the text in the file that names its session.

namespace {

using namespace agentpipe;
using Seconds = std::chrono::duration<double>;

/// Counts, so that nothing can be left out.
class CountingSink final : public formats::Sink {
 public:
  void event(model::Event event) override {
    ++events;
    if (std::holds_alternative<model::MessageCreated>(event.body)) ++messages;
  }
  void skipped(formats::Skip, std::uint64_t) override {}
  void problem(formats::Problem) override { ++problems; }

  std::uint64_t events = 0, messages = 0, problems = 0;
};

std::string numbered(std::string text, const std::string& id, std::size_t number) {
  if (id.empty()) return text;
  auto fresh = std::to_string(number);
  fresh.insert(0, id.size() - std::min(id.size(), fresh.size()), '0');
  for (auto at = text.find(id); at != std::string::npos; at = text.find(id, at + id.size()))
    text.replace(at, id.size(), fresh);
  return text;
}

std::uint64_t parse_lines(std::string_view text) {
  static simdjson::dom::parser parser;
  std::uint64_t objects = 0;
  std::string line;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size() - 1);
    line.reserve(end + simdjson::SIMDJSON_PADDING);
    line.assign(text.substr(0, end));
    simdjson::dom::element root;
    if (parser.parse(line.data(), line.size(), false).get(root) == simdjson::SUCCESS) ++objects;
    text.remove_prefix(end + 1);
  }
  return objects;
}

double timed(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return Seconds(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) {
    std::fprintf(stderr, "usage: formats_bench FILE [ID [TIMES]]\n");
    return 2;
  }
  std::ifstream file(arguments[1], std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const std::string id = count > 2 ? arguments[2] : "";
  const std::size_t times = count > 3 ? std::stoul(arguments[3]) : 500;

  double counting = 0, parsing = 0, reading = 0;
  std::uint64_t lines = 0, objects = 0;
  CountingSink sink;
  for (std::size_t i = 0; i < times; ++i) {
    const auto copy = numbered(text, id, i);
    counting +=
        timed([&] { lines += static_cast<std::uint64_t>(std::count(copy.begin(), copy.end(), '\n')); });
    parsing += timed([&] { objects += parse_lines(copy); });
    reading += timed([&] { formats::read_all(copy, {"bench.jsonl", {}}, nullptr, sink); });
  }
  const auto megabytes = static_cast<double>(text.size() * times) / 1e6;
  const auto sessions = static_cast<double>(times);
  std::printf("lines     %9.0f MB/s  %llu lines\n", megabytes / counting,
              static_cast<unsigned long long>(lines));
  std::printf("parse     %9.0f MB/s  %llu objects\n", megabytes / parsing,
              static_cast<unsigned long long>(objects));
  std::printf("sessions  %9.0f MB/s  %.0f sessions/s, %llu messages, %llu problems\n", megabytes / reading,
              sessions / reading, static_cast<unsigned long long>(sink.messages),
              static_cast<unsigned long long>(sink.problems));
  std::printf("ratio     %.4f of counting lines, %.2f of parsing alone\n", counting / reading,
              parsing / reading);
  return sink.messages == 0 ? 1 : 0;
}
