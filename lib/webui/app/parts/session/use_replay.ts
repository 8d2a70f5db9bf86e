import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { OutlineItem } from "../../api/types";
import { sequence_at, timeline_of } from "../../core/replay";

// Ten pictures a second: messages come as wholes.
const k_tick_ms = 100;

export interface Replay {
  position_ms: number;
  total_ms: number;
  playing: boolean;
  /** The newest message that is shown now. */
  sequence: number;
  /** Places of errors on the scrubber, 0 to 1. */
  errors: readonly number[];
  toggle(): void;
  pause(): void;
  seek(ms: number): void;
}

/** Plays a conversation from `start_s` on. `items` empty: nothing to play. */
export function useReplay(items: readonly OutlineItem[], start_s: number, speed: number): Replay {
  const line = useMemo(() => timeline_of(items), [items]);
  const [position_ms, set_position] = useState(start_s * 1000);
  const [playing, set_playing] = useState(true);
  const position = useRef(position_ms);
  position.current = position_ms;
  useEffect(() => {
    if (!playing) return;
    let last = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      const next = Math.min(line.total_ms, position.current + (now - last) * speed);
      last = now;
      set_position(next);
      if (next >= line.total_ms && line.total_ms > 0) set_playing(false);
    }, k_tick_ms);
    return () => clearInterval(timer);
  }, [playing, speed, line]);
  const errors = useMemo(
    () => items.flatMap((item, i) => (item.error && line.total_ms > 0 ? [line.times[i]! / line.total_ms] : [])),
    [items, line],
  );
  const toggle = () => {
    if (!playing && position_ms >= line.total_ms) set_position(0);
    set_playing(!playing);
  };
  return {
    position_ms: Math.min(position_ms, line.total_ms || position_ms), total_ms: line.total_ms, playing, sequence: sequence_at(line, position_ms), errors, toggle,
    pause: () => set_playing(false),
    seek: set_position,
  };
}
