import { expect, test } from "vitest";
import { places, session_plots, window_places, type ChartItem } from "../app/core/session_series";

const item = (sequenceNumber: number, second: number, more: Partial<ChartItem> = {}): ChartItem => ({
  sequenceNumber, timestamp: new Date(second * 1000).toISOString(),
  totalTokens: 10, cost: null, duration: null, ...more,
});

test("an axis never runs back, whatever the clocks say", () => {
  expect(places([item(1, 10), item(2, 8), item(3, 12)], "time")).toEqual([10, 10, 12]);
  expect(places([item(1, 10), item(4, 8)], "turn")).toEqual([1, 4]);
});

test("tokens and cost add up, unknown cost stays unknown until there is one", () => {
  const plots = session_plots([item(1, 1), item(2, 2, { cost: 0.5 }), item(3, 3, { totalTokens: null })], "turn");
  expect(plots.tokens.series[0]!.values).toEqual([10, 20, 20]);
  expect(plots.cost.series[0]!.values).toEqual([null, 0.5, 0.5]);
});

test("a duration of zero is no measurement", () => {
  expect(session_plots([item(1, 1, { duration: 0 }), item(2, 2, { duration: 700 })], "turn").latency.series[0]!.values).toEqual([null, 700]);
});

test("what the transcript shows is a stretch of the axis, also where numbers are missing", () => {
  const items = [item(1, 1), item(5, 2), item(9, 3)];
  expect(window_places(items, [1, 2, 3], [2, 8])).toEqual([2, 2]);
  expect(window_places(items, [1, 2, 3], [1, 99])).toEqual([1, 3]);
  expect(window_places(items, [1, 2, 3], [10, 12])).toBeNull();
  expect(window_places(items, [1, 2, 3], null)).toBeNull();
});
