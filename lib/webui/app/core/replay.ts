// A finished conversation as it went, with the long silences cut.

// A pause longer than this tells nothing more by lasting.
const k_longest_pause_ms = 2_000;

/** When each message is shown, in milliseconds of replay at single speed. */
export interface Timeline {
  sequences: readonly number[];
  times: readonly number[];
  total_ms: number;
}

export function timeline_of(items: readonly { sequenceNumber: number; timestamp: string }[]): Timeline {
  const times: number[] = [];
  let at = 0;
  items.forEach((item, i) => {
    const gap = i === 0 ? 0 : Date.parse(item.timestamp) - Date.parse(items[i - 1]!.timestamp);
    at += Math.min(Math.max(Number.isNaN(gap) ? 0 : gap, 0), k_longest_pause_ms);
    times.push(at);
  });
  return { sequences: items.map((item) => item.sequenceNumber), times, total_ms: at };
}

/** The newest message that is shown at this time; 0 before the first. */
export function sequence_at({ sequences, times }: Timeline, ms: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! <= ms) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? 0 : sequences[low - 1]!;
}
