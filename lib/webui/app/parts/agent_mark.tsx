import type { Agent } from "../core/agents";
import { reveal } from "../core/unicode";

/** The square with initials; the second agent of a type is ringed, from the third on numbered as well. */
export function AgentMark({ agent }: { agent: Agent }) {
  const ring = agent.nth > 1 ? " ringed" : "";
  return (
    <span class={`mark ${agent.colour}${ring}`} aria-hidden="true">
      {agent.nth > 2 ? `${agent.initials[0]}${agent.nth}` : agent.initials}
    </span>
  );
}

export function AgentName({ agent }: { agent: Agent }) {
  return (
    <span class="agent" title={reveal(agent.name)}>
      <AgentMark agent={agent} />
      <bdi class="agent-name">{reveal(agent.name)}</bdi>
    </span>
  );
}
