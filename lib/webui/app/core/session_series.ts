// A session's plots, made from the outline of its messages.

import type { OutlineItem } from "../api/types";
import { running_sum, moving_median, type PlotData, type Series } from "./plot";

/** What the plots need to know of a message. */
export type ChartItem = Pick<OutlineItem, "sequenceNumber" | "timestamp" | "totalTokens" | "cost" | "duration">;

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

/** The x positions of a run of messages, or null when none of them is known. */
export function window_places(items: readonly ChartItem[], xs: readonly number[], visible: readonly [number, number] | null): readonly [number, number] | null {
  if (!visible) return null;
  const from = items.findIndex(({ sequenceNumber }) => sequenceNumber >= visible[0]);
  if (from === -1) return null;
  const after = items.findIndex(({ sequenceNumber }) => sequenceNumber > visible[1]);
  const to = after === -1 ? items.length - 1 : Math.max(from, after - 1);
  return [xs[from]!, xs[to]!];
}
