// A session's plots, made from the outline of its messages.

import { running_sum, moving_median, type PlotData, type Series } from "./plot";
import { colour_class } from "./agents";

/** What the plots need to know of a message; the server's outline has it. */
export interface ChartItem {
  sequenceNumber: number;
  agentId: string | null;
  agentName: string | null;
  agentType: string | null;
  timestamp: string;
  totalTokens: number | null;
  cost: number | null;
  duration: number | null;
}

export type Axis = "time" | "turn";

// How many neighbours on either side smooth the time to answer.
const k_median_reach = 5;

const seconds_of = (item: ChartItem): number => Date.parse(item.timestamp) / 1000;

/** Places on the x axis; clocks of several agents may run back a little, an axis may not. */
export function places(items: readonly ChartItem[], axis: Axis): number[] {
  let last = -Infinity;
  return items.map((item) => (last = Math.max(last, axis === "turn" ? item.sequenceNumber : seconds_of(item))));
}

const one = (label: string, tone: string, values: readonly (number | null)[]): Series => ({ label, tone, values });

export interface SessionPlots {
  tokens: PlotData;
  cost: PlotData;
  latency: PlotData;
}

export function session_plots(items: readonly ChartItem[], axis: Axis): SessionPlots {
  const xs = places(items, axis);
  const durations = items.map(({ duration }) => (duration ? duration : null));
  return {
    tokens: { xs, series: [one("Tokens so far", "tone-0", running_sum(items.map(({ totalTokens }) => totalTokens)))] },
    cost: { xs, series: [one("Cost so far", "tone-2", running_sum(items.map(({ cost }) => cost)))] },
    latency: { xs, series: [one("Each message", "tone-0", durations), one("Moving median", "tone-1", moving_median(durations, k_median_reach))] },
  };
}

export interface Share {
  id: string;
  name: string;
  tone: string;
  messages: number;
  tokens: number;
  /** Null: nobody told. */
  cost: number | null;
  /** Milliseconds. */
  time: number;
}

/** What each agent had of the whole, the most talkative first. */
export function shares(items: readonly ChartItem[]): Share[] {
  const by_agent = new Map<string, Share>();
  for (const item of items) {
    const id = item.agentId ?? item.agentName ?? "unknown";
    const name = item.agentName ?? item.agentType ?? "unknown";
    const share = by_agent.get(id) ?? { id, name, tone: colour_class(item.agentType), messages: 0, tokens: 0, cost: null, time: 0 };
    share.messages += 1;
    share.tokens += item.totalTokens ?? 0;
    share.time += item.duration ?? 0;
    if (item.cost !== null) share.cost = (share.cost ?? 0) + item.cost;
    by_agent.set(id, share);
  }
  return [...by_agent.values()].sort((a, b) => b.messages - a.messages);
}

/** The x positions of a run of messages, or null when none of them is known. */
export function window_places(items: readonly ChartItem[], xs: readonly number[], visible: readonly [number, number] | null): readonly [number, number] | null {
  if (!visible) return null;
  const from = items.findIndex(({ sequenceNumber }) => sequenceNumber >= visible[0]);
  if (from === -1) return null;
  const after = items.findIndex(({ sequenceNumber }) => sequenceNumber > visible[1]);
  const to = after === -1 ? items.length - 1 : Math.max(from, after - 1);
  return [xs[from]!, xs[to]!];
}
