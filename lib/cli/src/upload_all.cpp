#include "upload_all.hpp"

#include <set>

#include "agentpipe/base/log.hpp"
#include "agentpipe/delivery/capabilities.hpp"
#include "upload_families.hpp"

namespace agentpipe::cli {
namespace {

Input input_of(const FoundFile& file, const UploadMemory* memory) {
  Input input{.path = file.path, .choice = Input::Choice::found};
  const auto known = memory != nullptr ? memory->find(file.path, file.facts) : std::nullopt;
  input.lineage = known ? known->lineage : lineage_of(file.path);
  if (known && known->end == UploadMemory::Uploaded::End::told) input.uploaded = known->sessions;
  return input;
}

}  // namespace

std::optional<UploadMemory> recall_uploads(const UploadPlan& plan, World& world,
                                           const std::stop_token& stop) {
  const auto answer = plan.connect()->send({"GET", std::string(delivery::k_health_path), {}, {}, {}}, stop);
  const auto server = delivery::capabilities_from(answer);
  if (!server) return std::nullopt;
  auto memory = UploadMemory::open(world.paths.state, {plan.url, server->database});
  if (memory) return std::move(*memory);
  base::log(base::LogLevel::warn, "what was uploaded is not known, everything is read",
            {{"reason", memory.error().message}});
  return std::nullopt;
}

void plan_uploads(const std::vector<FoundSource>& found, UploadPlan& plan, const World& world) {
  std::vector<Input> all;
  std::set<std::string> wanted;  // lineages of which something is to be sent
  for (const auto& source : found) {
    for (const auto& file : source.files) {
      if (plan.choice.since && file.modified() < *plan.choice.since) continue;
      all.push_back(input_of(file, plan.memory));
      if (!all.back().uploaded) wanted.insert(*all.back().lineage);
    }
  }
  wanted.erase(std::string());
  for (auto& input : all) {
    if (!input.uploaded || wanted.contains(*input.lineage)) {
      plan.inputs.push_back(std::move(input));
    } else {
      plan.known_sessions += *input.uploaded;
    }
  }
  join_families(plan.inputs, world.working_directory);
}

}  // namespace agentpipe::cli
