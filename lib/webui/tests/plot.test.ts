import { expect, test } from "vitest";
import { csv } from "../app/core/csv";
import { dash_of, moving_median, running_sum, stacked, thinned, type Series } from "../app/core/plot";

const series = (...values: (number | null)[]): Series => ({ label: "a", tone: "t", values });

test("a stack's layers add up, and what nobody knows stays unknown", () => {
  expect(stacked([series(1, null, 3), series(2, null, null), series(null, 5, 1)])).toEqual([
    [1, null, 3],
    [3, null, 3],
    [3, 5, 4],
  ]);
});

test("running sums pass over what is not known and start with the first figure", () => {
  expect(running_sum([null, 2, null, 3])).toEqual([null, 2, 2, 5]);
});

test("the moving median is not moved by one outlier", () => {
  expect(moving_median([1, 1, 900, 1, null, 2], 2)).toEqual([1, 1, 1, 2, 2, 2]);
});

test("a thinned plot has at most two places a pixel and keeps the extremes", () => {
  const values = Array.from({ length: 10_000 }, (_, i) => (i === 5_555 ? 1_000 : i === 7_001 ? -50 : i % 7));
  const thin = thinned({ xs: values.map((_, i) => i), series: [series(...values)] }, 300);
  expect(thin.xs.length).toBeLessThanOrEqual(600);
  expect(Math.max(...(thin.series[0]!.values as number[]))).toBe(1_000);
  expect(Math.min(...(thin.series[0]!.values as number[]))).toBe(-50);
  expect([...thin.xs].sort((a, b) => a - b)).toEqual(thin.xs);
});

test("few places are left as they are", () => {
  const data = { xs: [1, 2], series: [series(1, 2)] };
  expect(thinned(data, 300)).toBe(data);
});

test("neighbouring lines differ in their dashes", () => {
  expect(dash_of(0)).not.toEqual(dash_of(1));
  expect(dash_of(7)).toEqual(dash_of(0));
});

test("cells are quoted where they must be, and no cell is a formula", () => {
  expect(csv([["a,b", 'say "hi"', "two\nlines"], ["=1+1", "@x", -3], [null, "", 0.5]])).toBe(
    '"a,b","say ""hi""","two\nlines"\r\n\'=1+1,\'@x,-3\r\n,,0.5',
  );
});
