// Words for what a page shows, shared by the checks: markup is named here and nowhere else twice.

export const k_scroller = ".scroller";

export const live = (page) => page.locator('[data-stream="live"]').first();
export const message_row = (page, sequence) => page.locator(`#m-${sequence}`);

/** How far the end of the transcript lies below the viewport, in pixels. */
export const end_distance = (page) =>
  page.locator(k_scroller).evaluate((box) => box.scrollHeight - box.clientHeight - box.scrollTop);

/** Waits until `measure` gives what `accept` takes; the last value is in the error. */
export async function until(measure, accept, what, timeout_ms = 5_000) {
  const deadline = Date.now() + timeout_ms;
  for (;;) {
    const value = await measure();
    if (accept(value)) return value;
    if (Date.now() > deadline) throw new Error(`${what}: still ${JSON.stringify(value)} after ${timeout_ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

export const at_end = (page) => until(() => end_distance(page), (px) => px <= 1, "distance to the end");

/** The message at the top of the viewport, and how far it reaches above it. */
export const top_row = (page) =>
  page.locator(k_scroller).evaluate((box) => {
    const edge = box.getBoundingClientRect().top;
    const rows = [...box.querySelectorAll('[data-row="message"]')].map((row) => ({ id: row.id, top: row.getBoundingClientRect().top - edge }));
    return rows.sort((a, b) => a.top - b.top).findLast((row) => row.top <= 0) ?? rows[0];
  });

/** Every sequence number of the transcript in the order in which it stands there, read by scrolling through all of it. */
export const all_sequences = (page) =>
  page.locator(k_scroller).evaluate(async (box) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    // A reader's gesture: whoever follows stops.
    box.dispatchEvent(new WheelEvent("wheel", { deltaY: -1, bubbles: true }));
    await frame();
    const is_first = () => box.scrollTop === 0 && !box.querySelector('[data-row="earlier"]');
    for (let tries = 0; tries < 600 && !is_first(); tries++) {
      box.scrollTop = 0;
      await frame();
    }
    const order = [];
    const seen = new Set();
    const read = () => {
      const rows = [...box.querySelectorAll('[data-row="message"]')].map((row) => [Number(row.id.slice(2)), row.getBoundingClientRect().top]);
      for (const [sequence] of rows.sort((a, b) => a[1] - b[1])) {
        if (!seen.has(sequence)) order.push(sequence);
        seen.add(sequence);
      }
    };
    const is_last = () => box.scrollHeight - box.clientHeight - box.scrollTop <= 1 && !box.querySelector('[data-row="later"]');
    for (let tries = 0; tries < 4_000; tries++) {
      await frame();
      read();
      if (is_last()) break;
      box.scrollTop += box.clientHeight * 0.7;
    }
    return order;
  });

/** Reads a running session of many messages to its start, page after page, and follows it on from the end. */
export async function load_whole(page) {
  await page.locator(k_scroller).evaluate(async (box) => {
    while (!box.querySelector('[data-row="prompt"]')) {
      box.scrollTop = 0;
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  });
  await page.locator(k_scroller).press("End");
  await at_end(page);
}

/** Waits until the head counts so many messages. */
export const counted = (page, messages) =>
  page.waitForFunction((n) => Number(document.querySelector('[data-total="messages"]').textContent.replace(/\D/g, "")) >= n, messages);

/** 1, 2 … n */
export const numbers_to = (n) => Array.from({ length: n }, (_, i) => i + 1);

/** Calls `send(n)` for first … last at a pace; those that are late are sent at once. */
export async function at_pace(per_second, first, last, send) {
  const start = Date.now();
  for (let n = first; n <= last; n++) {
    const due = start + ((n - first) * 1000) / per_second;
    const wait = due - Date.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    await send(n);
  }
}
