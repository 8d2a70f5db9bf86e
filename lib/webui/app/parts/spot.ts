import { useEffect } from "preact/hooks";
import { returning } from "../state/router";

// What a page shows first comes from what is known already; longer than this and the reader has moved on.
const k_patience_ms = 1_000;

/** Gives the page back the place and the focus that it had when it was left. */
export function useSpot(): void {
  const spot = returning.value;
  useEffect(() => {
    if (!spot) return;
    const until = performance.now() + k_patience_ms;
    let frame = 0;
    const restore = () => {
      const is_tall_enough = document.documentElement.scrollHeight - innerHeight >= spot.top;
      const link = spot.focus === null ? null : document.querySelector<HTMLElement>(`a[href="${CSS.escape(spot.focus)}"]`);
      if ((!is_tall_enough || (spot.focus !== null && !link)) && performance.now() < until) {
        frame = requestAnimationFrame(restore);
        return;
      }
      scrollTo(0, spot.top);
      link?.focus({ preventScroll: true });
      returning.value = null;
    };
    frame = requestAnimationFrame(restore);
    return () => cancelAnimationFrame(frame);
  }, [spot]);
}
