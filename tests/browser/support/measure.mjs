// Figures of a page: first paint, frames, long tasks, heap. Limits are meant for an idle machine; `slowness` tells how
// much this one lags behind, here and now, so that a loaded machine does not fail a good page.

// What the work below takes in Chromium on an idle core of the kind that the limits were set on.
const k_nominal_ms = 15;

/** 1 on an idle machine; 3 where the same work takes three times as long. */
export async function slowness(page) {
  const times = await page.evaluate(async () => {
    const times = [];
    for (let round = 0; round < 15; round++) {
      const start = performance.now();
      let sum = 0;
      for (let i = 0; i < 60_000; i++) sum += String(i * 7919).split("7").length;
      times.push(sum > 0 ? performance.now() - start : 0);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return times;
  });
  return Math.max(1, percentile(times, 0.75) / k_nominal_ms);
}

/** Records frames, long tasks and layout shifts from now on; to be installed before the page loads. */
export const install_recorder = (context) =>
  context.addInitScript(() => {
    const record = { long_tasks: [], shift: 0 };
    window.record = record;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) record.long_tasks.push({ at: entry.startTime, ms: entry.duration });
    }).observe({ type: "longtask", buffered: true });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) record.shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
  });

export const percentile = (values, share) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
};
export const median = (values) => percentile(values, 0.5);

/** Frames of the page for so long: { fps, p95, max, long_tasks }, all times in milliseconds. */
export async function watch_frames(page, ms) {
  const { gaps, long_tasks } = await page.evaluate(async (duration) => {
    const gaps = [];
    const from = performance.now();
    let last = from;
    while (last - from < duration) {
      const at = await new Promise((resolve) => requestAnimationFrame(resolve));
      if (at > last) gaps.push(at - last);
      last = Math.max(last, at);
    }
    return { gaps, long_tasks: (window.record?.long_tasks ?? []).filter((task) => task.at >= from).map((task) => task.ms) };
  }, ms);
  const total = gaps.reduce((sum, gap) => sum + gap, 0);
  return { fps: (1000 * gaps.length) / total, p95: percentile(gaps, 0.95), max: Math.max(...gaps), long_tasks };
}

/** First contentful paint of a load with an empty cache, in milliseconds. */
export async function first_paint(page, address) {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.clearBrowserCache");
  await session.detach();
  await page.goto(address, { waitUntil: "load" });
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        const known = performance.getEntriesByName("first-contentful-paint")[0];
        if (known) return resolve(known.startTime);
        new PerformanceObserver((list) => {
          const entry = list.getEntriesByName("first-contentful-paint")[0];
          if (entry) resolve(entry.startTime);
        }).observe({ type: "paint", buffered: true });
      }),
  );
}

/** The median of some first paints. */
export async function median_paint(page, address, times) {
  const values = [];
  for (let i = 0; i < times; i++) values.push(await first_paint(page, address));
  return median(values);
}

/** Bytes of JavaScript objects that are still referred to. */
export async function heap_after_collection(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.enable");
  for (let i = 0; i < 3; i++) await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return usedSize;
}

export const node_count = (page) => page.evaluate(() => document.querySelectorAll("*").length);
