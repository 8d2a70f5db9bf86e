// What each participant has done.

import type { OutlineItem } from "../api/types";
import { author_key, type Agent } from "./agents";

export interface Work {
  agent: Agent;
  messages: number;
  tokens: number;
  /** Null: no message said what it cost. */
  cost: number | null;
  duration_ms: number;
}

export function work_of(agents: readonly Agent[], items: readonly OutlineItem[]): Work[] {
  const by_agent = new Map(agents.map((agent) => [agent.id, { agent, messages: 0, tokens: 0, cost: null as number | null, duration_ms: 0 }]));
  for (const item of items) {
    const work = by_agent.get(author_key(item));
    if (!work) continue;
    work.messages += 1;
    work.tokens += item.totalTokens ?? 0;
    work.duration_ms += item.duration ?? 0;
    if (item.cost !== null) work.cost = (work.cost ?? 0) + item.cost;
  }
  return [...by_agent.values()];
}
