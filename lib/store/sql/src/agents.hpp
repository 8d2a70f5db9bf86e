#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agentpipe/model/event.hpp"

namespace agentpipe::store::sql {

/// What is needed of a participant to tell whose a message is.
struct KnownAgent {
  std::string id;
  std::string type;
  std::string name;  // empty: none
  bool has_model = false;
};

/// Whose a message is: `agent_id` of a known one (`known`), or of one that is to be added.
struct AgentMatch {
  std::string agent_id;
  const KnownAgent* known = nullptr;  // points into the list that was asked
};

/// The sender's id if it gave one. Else the participant of the same type and name; else the only one of that
/// type when one of the two has no name; else a new one: "<type>-<its place>", like the ids that the codec
/// derives. Where several fit equally well, "<type>" stands for the one that cannot be told.
AgentMatch find_agent(const std::vector<KnownAgent>& agents, const model::MessageCreated& message);

KnownAgent known_agent(const model::Participant& participant);
/// The participant that a message of an unknown agent brings in.
model::Participant participant_of(const model::MessageCreated& message, const std::string& agent_id,
                                  const model::OptionalText& name);

/// The participants of a later conversation.started first and in its order, then those that only messages
/// knew; what is known already stays, what was missing is filled in.
std::vector<model::Participant> merge_participants(const std::vector<model::Participant>& known,
                                                   const std::vector<model::Participant>& told);

}  // namespace agentpipe::store::sql
