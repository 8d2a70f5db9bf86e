#include "agents.hpp"

#include <algorithm>
#include <span>

namespace agentpipe::store::sql {

namespace {

const KnownAgent* find_id(const std::vector<KnownAgent>& agents, const std::string& id) {
  const auto found =
      std::find_if(agents.begin(), agents.end(), [&](const KnownAgent& a) { return a.id == id; });
  return found == agents.end() ? nullptr : &*found;
}

AgentMatch with_id(const std::vector<KnownAgent>& agents, std::string id) {
  const KnownAgent* known = find_id(agents, id);
  return {std::move(id), known};
}

std::string free_id(const std::vector<KnownAgent>& agents, const std::string& type) {
  for (std::size_t place = agents.size();; ++place) {
    std::string id = type + "-" + std::to_string(place);
    if (find_id(agents, id) == nullptr) return id;
  }
}

template <class Optional>
void fill(Optional& into, const Optional& from) {
  if (!into) into = from;
}

void fill(model::Json& into, const model::Json& from) {
  if (into.empty()) into = from;
}

void fill(model::Participant& into, const model::Participant& from) {
  fill(into.agent_version, from.agent_version);
  fill(into.model, from.model);
  fill(into.name, from.name);
  fill(into.prompt, from.prompt);
  fill(into.cli_version, from.cli_version);
  fill(into.announcement, from.announcement);
  fill(into.settings, from.settings);
  fill(into.extra, from.extra);
}

const model::Participant* find_id(std::span<const model::Participant> list, const std::string& id) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const auto& p) { return p.agent_id == id; });
  return found == list.end() ? nullptr : &*found;
}

}  // namespace

AgentMatch find_agent(const std::vector<KnownAgent>& agents, const model::MessageCreated& message) {
  if (!message.agent_id.empty()) return with_id(agents, message.agent_id);
  const std::string name = message.agent_name.value_or("");
  std::vector<const KnownAgent*> of_type;
  std::vector<const KnownAgent*> of_name;
  for (const KnownAgent& agent : agents) {
    if (agent.type != message.agent_type) continue;
    of_type.push_back(&agent);
    if (agent.name == name) of_name.push_back(&agent);
  }
  if (of_name.size() == 1) return {of_name.front()->id, of_name.front()};
  if (of_type.size() == 1 && (name.empty() || of_type.front()->name.empty())) {
    return {of_type.front()->id, of_type.front()};
  }
  const bool new_name = of_name.empty() && !name.empty();
  if (of_type.empty() || new_name) return {free_id(agents, message.agent_type), nullptr};
  return with_id(agents, message.agent_type);
}

KnownAgent known_agent(const model::Participant& participant) {
  return {participant.agent_id, participant.agent_type, participant.name.value_or(""),
          participant.model.has_value()};
}

model::Participant participant_of(const model::MessageCreated& message, const std::string& agent_id,
                                  const model::OptionalText& name) {
  model::Participant made;
  made.agent_id = agent_id;
  made.agent_type = message.agent_type;
  made.agent_version = message.agent_version;
  made.model = message.model;
  made.name = name;
  return made;
}

std::vector<model::Participant> merge_participants(const std::vector<model::Participant>& known,
                                                   const std::vector<model::Participant>& told) {
  std::vector<model::Participant> merged;
  for (const model::Participant& participant : told) {
    if (find_id(merged, participant.agent_id) != nullptr) continue;
    const model::Participant* before = find_id(known, participant.agent_id);
    merged.push_back(before == nullptr ? participant : *before);
    if (before != nullptr) fill(merged.back(), participant);
  }
  const std::size_t told_count = merged.size();
  for (const model::Participant& participant : known) {
    if (find_id(std::span(merged).first(told_count), participant.agent_id) == nullptr)
      merged.push_back(participant);
  }
  return merged;
}

}  // namespace agentpipe::store::sql
