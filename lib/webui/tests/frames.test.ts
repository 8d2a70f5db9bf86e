// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Batch } from "../app/state/frames";

let waiting: FrameRequestCallback[] = [];
let now = 0;

beforeEach(() => {
  waiting = [];
  now = 1_000;
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  vi.stubGlobal("requestAnimationFrame", (callback: FrameRequestCallback) => waiting.push(callback));
  vi.stubGlobal("cancelAnimationFrame", (id: number) => (waiting[id - 1] = () => {}));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function frame(ms: number): void {
  now += ms;
  const due = waiting;
  waiting = [];
  for (const callback of due) callback(now);
}

/** What is handed over when one comes before each of the frames, which are so far apart. */
function flushes(gaps: readonly number[]): number[][] {
  const out: number[][] = [];
  const batch = new Batch<number>((items) => out.push(items));
  gaps.forEach((gap, i) => {
    batch.add(i);
    frame(gap);
  });
  return out;
}

test("what comes in a fast stream is handed over in every other frame", () => {
  expect(flushes([16, 16, 16, 16, 16])).toEqual([[0], [1, 2], [3, 4]]);
});

test("where frames are late, most of them are left free", () => {
  expect(flushes([16, 40, 40, 40, 40, 40])).toEqual([[0], [1, 2, 3, 4]]);
});

test("a page that draws no frames gets it by the clock", () => {
  const out: number[][] = [];
  const batch = new Batch<number>((items) => out.push(items));
  batch.add(1);
  vi.advanceTimersByTime(600);
  expect(out).toEqual([[1]]);
});
