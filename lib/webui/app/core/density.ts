/** How much room a message gets: all, without its figures, one line. */
export const k_densities = ["comfortable", "compact", "slim"] as const;
export type Density = (typeof k_densities)[number];
