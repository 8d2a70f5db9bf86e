import { expect, test } from "vitest";
import { Cache } from "../app/api/cache";

const answer = (body: unknown, etag: string | null = null) =>
  new Response(JSON.stringify(body), { headers: etag ? { ETag: etag } : {} });

test("an answer is known afterwards, with its time", async () => {
  const cache = new Cache();
  expect(cache.peek("/a")).toBeNull();
  expect(await cache.take("/a", answer({ n: 1 }), 5)).toEqual({ n: 1 });
  expect(cache.peek("/a")).toEqual({ body: { n: 1 }, at: 5 });
});

test("an unchanged answer is the one known, true again", async () => {
  const cache = new Cache();
  await cache.take("/a", answer({ n: 1 }, '"v1"'), 5);
  expect(cache.headers("/a")).toEqual({ "If-None-Match": '"v1"' });
  expect(await cache.take("/a", new Response(null, { status: 304, headers: { ETag: '"v1"' } }), 9)).toEqual({ n: 1 });
  expect(cache.peek("/a")).toEqual({ body: { n: 1 }, at: 9 });
});

test("the oldest answers are forgotten", async () => {
  const cache = new Cache();
  for (let i = 0; i <= 60; i++) await cache.take(`/${i}`, answer(i), i);
  expect([cache.peek("/0"), cache.peek("/1")?.body]).toEqual([null, 1]);
});
