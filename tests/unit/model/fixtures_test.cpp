#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "agentpipe/model/codec.hpp"
#include "places.hpp"

using namespace agentpipe;
using nlohmann::json;

namespace {

namespace fs = std::filesystem;

/// Every event that the Go CLI is known to have sent or written.
std::vector<std::string> recorded_events() {
  std::vector<std::string> lines;
  std::vector<fs::path> files;
  for (const auto& folder : {test::fixtures() / "events", test::shared_fixtures() / "agentpipe-go"})
    if (fs::exists(folder))
      for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.path().extension() == ".jsonl" || entry.path().parent_path().filename() == "http")
          files.push_back(entry.path());
  for (const auto& file : files) {
    if (file.extension() == ".http") continue;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);)
      if (line.starts_with("{")) lines.push_back(line);
  }
  return lines;
}

/// What the codec adds and changes on purpose: times in milliseconds, the default role, null for absent.
json as_we_write_it(json event) {
  const auto at = base::parse_rfc3339(event["timestamp"].get<std::string>());
  event["timestamp"] = base::format_rfc3339(at.value());
  auto& data = event["data"];
  for (auto it = data.begin(); it != data.end();) it = it->is_null() ? data.erase(it) : std::next(it);
  if (event["type"] == "message.created" && !data.contains("role")) data["role"] = "agent";
  if (event["type"] == "conversation.started" && !data.contains("participants"))
    data["participants"] = json::array();
  return event;
}

}  // namespace

TEST_CASE("every recorded event goes through the codec unchanged") {
  const auto events = recorded_events();
  REQUIRE(events.size() >= 10);
  for (const auto& line : events) {
    CAPTURE(line.substr(0, 200));
    const auto event = model::decode_event(line, {});
    REQUIRE(event.has_value());
    const auto written = model::encode_event(*event);
    CHECK(json::parse(written) == as_we_write_it(json::parse(line)));
    CHECK(model::decode_event(written, {}).value() == *event);
  }
}
