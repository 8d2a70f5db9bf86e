import { expect, test } from "vitest";
import { following, step, type Follow, type FollowEvent } from "../app/core/follow";

const paused: Follow = { mode: "paused", held_after: 7 };
const scrolled = (from: number, to: number, ours = false): FollowEvent => ({ kind: "scrolled", from, to, end: 1000, ours, newest: 7 });

test.each<[string, Follow, FollowEvent, Follow]>([
  ["upward intent pauses and holds what comes next", following, { kind: "read", newest: 7 }, paused],
  ["a second intent changes nothing", paused, { kind: "read", newest: 9 }, paused],
  ["scrolling up pauses, by however little", following, scrolled(1000, 996), paused],
  ["our own scrolling is nobody's wish", following, scrolled(1000, 900, true), following],
  ["our own scrolling to the end does not resume", paused, scrolled(900, 1000, true), paused],
  ["scrolling down into the end resumes", paused, scrolled(900, 996), following],
  ["scrolling down short of the end does not", paused, scrolled(900, 980), paused],
  ["standing at the end without a move does not resume", paused, scrolled(1000, 1000), paused],
  ["the pill resumes", paused, { kind: "resume" }, following],
  ["following goes on when the end moves away", following, scrolled(900, 950), following],
])("%s", (_, state, event, expected) => {
  expect(step(state, event)).toEqual(expected);
});
