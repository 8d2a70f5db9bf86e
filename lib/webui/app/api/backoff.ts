const k_first_ms = 1_000;
const k_longest_ms = 30_000;
const k_spread = 0.25;

/**
 * How long to wait before the attempt after `failures` failed ones: 1, 2, 4 … 30 seconds, give or take a
 * quarter, so that the pages of many readers do not come back in the same instant.
 */
export function delay_ms(failures: number, random: () => number = Math.random): number {
  const plain = Math.min(k_first_ms * 2 ** Math.max(failures - 1, 0), k_longest_ms);
  return Math.round(plain * (1 + k_spread * (2 * random() - 1)));
}
