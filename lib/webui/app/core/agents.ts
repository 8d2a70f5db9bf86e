import type { Message, Participant } from "../api/types";

/** Agent types that have a colour of their own; styles/agents.css holds it. */
const k_known_types = new Set([
  "aider", "amp", "claude", "codex", "continue", "copilot", "crush",
  "cursor", "factory", "gemini", "kimi", "ollama", "opencode", "qoder", "qwen",
]);
const k_spare_colours = 6;

/** The class that colours an agent; an unknown type always gets the same spare colour. */
export function colour_class(type: string | null): string {
  const name = (type ?? "").toLowerCase();
  if (k_known_types.has(name)) return `agent-${name}`;
  let hash = 0;
  for (const char of name) hash = (hash * 31 + char.codePointAt(0)!) >>> 0;
  return `agent-spare-${hash % k_spare_colours}`;
}

/** One or two letters: "Ada Lovelace" → "AL", "gemini" → "GE". */
export function initials(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  if (words.length === 0) return "?";
  const letters = words.length > 1 ? [...words[0]!][0]! + [...words[1]!][0]! : [...words[0]!].slice(0, 2).join("");
  return letters.toUpperCase();
}

/** An agent as the pages draw it. */
export interface Agent {
  id: string;
  type: string;
  name: string;
  model: string | null;
  prompt: string | null;
  version: string | null;
  initials: string;
  colour: string;
  /** 1 for the first agent of its type, 2 for the second …: they share a colour, not a mark. */
  nth: number;
}

export function agents_of(participants: readonly Participant[]): Agent[] {
  const seen = new Map<string, number>();
  return participants.map((participant) => {
    const nth = (seen.get(participant.agentType) ?? 0) + 1;
    seen.set(participant.agentType, nth);
    const name = participant.agentName || participant.agentType;
    return {
      id: participant.agentId,
      type: participant.agentType,
      name,
      model: participant.model === participant.agentType ? null : participant.model,
      prompt: participant.prompt,
      version: participant.cliVersion,
      initials: initials(name),
      colour: colour_class(participant.agentType),
      nth,
    };
  });
}

/** Who wrote a message: the participant with its agent id, else what the message itself says. */
export function author_of(message: Message, agents: readonly Agent[]): Agent {
  const known = agents.find((agent) => agent.id === message.agentId);
  if (known) return known;
  const name = message.agentName || message.agentType || message.role || "unknown";
  return {
    id: message.agentId ?? name,
    type: message.agentType ?? "",
    name,
    model: message.model,
    prompt: null,
    version: null,
    initials: initials(name),
    colour: colour_class(message.agentType),
    nth: 1,
  };
}

/** What names the author of a message among the participants. */
export const author_key = ({ agentId, agentType }: { agentId: string | null; agentType: string | null }): string => agentId ?? agentType ?? "";
