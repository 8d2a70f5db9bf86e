import type { Session } from "../../api/types";
import { agents_of } from "../../core/agents";
import { AgentName } from "../agent_mark";

const k_shown_agents = 3;

export function Agents({ session }: { session: Session }) {
  const agents = agents_of(session.participants);
  const more = agents.length - k_shown_agents;
  return (
    <>
      {agents.slice(0, k_shown_agents).map((agent) => (
        <AgentName key={agent.id} agent={agent} />
      ))}
      {more > 0 && (
        <span class="quiet" title={agents.slice(k_shown_agents).map(({ name }) => name).join(", ")}>
          +{more}
        </span>
      )}
    </>
  );
}
