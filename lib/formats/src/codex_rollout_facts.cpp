#include "codex_rollout_facts.hpp"

#include <fstream>
#include <string_view>
#include <utility>

#include "codex_meta.hpp"
#include "codex_text.hpp"
#include "json_line.hpp"

namespace agentpipe::formats::codex {
namespace {

bool has(std::string_view line, std::string_view word) {
  return line.find(word) != std::string_view::npos;
}

}  // namespace

std::optional<RolloutFacts> rollout_facts(const std::filesystem::path& rollout, const Usage& total) {
  std::ifstream file(rollout, std::ios::binary);
  if (!file) return std::nullopt;
  RolloutFacts facts;
  Usage used;
  bool inherits = false;  // the first total counts what other files tell, too
  JsonLine json;
  for (std::string line; std::getline(file, line);) {
    // Few lines matter, and some are long.
    if (!has(line, R"("turn_context")") && !has(line, R"("task_started")") &&
        !has(line, R"("token_count")") && !has(line, R"("history_base")"))
      continue;
    const auto record = json.parse(line);
    if (!record) continue;
    const auto payload = (*record)["payload"];
    const auto type = payload["type"].view();
    if (payload["history_base"].is_object()) {
      inherits = true;
    } else if ((*record)["type"].view() == "turn_context") {
      facts.model = payload["model"].text();
    } else if (type == "task_started") {
      facts.before = used;
    } else if (const auto told = payload["info"]["total_token_usage"]; told.is_object()) {
      used = usage_of(told);
      const auto last = payload["info"]["last_token_usage"];
      if (std::exchange(inherits, false) && last.is_object()) facts.before = excess(usage_of(last), used);
      if (used.total() == total.total()) break;
    }
  }
  return facts;
}

std::string part_in(const std::filesystem::path& rollout) {
  std::ifstream file(rollout, std::ios::binary);
  std::string line;
  std::getline(file, line);
  JsonLine json;
  const auto record = json.parse(line);
  return record ? descent_of((*record)["payload"]).part : std::string();
}

}  // namespace agentpipe::formats::codex
