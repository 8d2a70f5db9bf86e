// Data of a plot, without a word about how it is drawn.

export interface Series {
  label: string;
  /** One for each place on the x axis; null: not known, which is not zero. */
  values: readonly (number | null)[];
  /** The CSS class that gives the colour. */
  tone: string;
}

export type PlotKind = "line" | "bars" | "stacked" | "area" | "dots";

export interface PlotData {
  /** Seconds since 1970, or numbers of messages; rising. */
  xs: readonly number[];
  series: readonly Series[];
}

/** Dashes tell the lines apart where colours do not; by the place of the series. */
export const k_dashes: readonly (readonly number[])[] = [[], [6, 3], [2, 2], [9, 3, 2, 3], [4, 4], [12, 4], [1, 3]];

export const dash_of = (index: number): readonly number[] => k_dashes[index % k_dashes.length]!;

/** Each series with those before it added: what a stack's layers reach up to. */
export function stacked(series: readonly Series[]): readonly (readonly (number | null)[])[] {
  const totals: (number | null)[] = series[0]?.values.map(() => null) ?? [];
  return series.map(({ values }) => {
    values.forEach((value, i) => {
      if (value !== null) totals[i] = (totals[i] ?? 0) + value;
    });
    return [...totals];
  });
}

/** Each value with those before it added; what is not known adds nothing. */
export function running_sum(values: readonly (number | null)[]): (number | null)[] {
  let sum: number | null = null;
  return values.map((value) => {
    if (value !== null) sum = (sum ?? 0) + value;
    return sum;
  });
}

/** The median of each value and those up to `reach` places before and after it. */
export function moving_median(values: readonly (number | null)[], reach: number): (number | null)[] {
  return values.map((_, i) => {
    const near = values.slice(Math.max(0, i - reach), i + reach + 1).filter((value) => value !== null).sort((a, b) => a - b);
    return near.length > 0 ? near[Math.floor(near.length / 2)]! : null;
  });
}

/** Places to keep so that at most two remain for each of `slots`: the lowest and the highest of the first series. */
function kept_places(data: PlotData, slots: number): number[] {
  const size = Math.ceil(data.xs.length / slots);
  const values = data.series[0]?.values ?? [];
  const kept: number[] = [];
  for (let from = 0; from < data.xs.length; from += size) {
    let low = from;
    let high = from;
    for (let i = from; i < Math.min(from + size, data.xs.length); i++) {
      if ((values[i] ?? Infinity) < (values[low] ?? Infinity)) low = i;
      if ((values[i] ?? -Infinity) > (values[high] ?? -Infinity)) high = i;
    }
    kept.push(...new Set([Math.min(low, high), Math.max(low, high)]));
  }
  return kept;
}

/** The same picture with at most two places for each of `slots` pixels. */
export function thinned(data: PlotData, slots: number): PlotData {
  if (data.xs.length <= 2 * slots || slots < 1) return data;
  const kept = kept_places(data, slots);
  return {
    xs: kept.map((i) => data.xs[i]!),
    series: data.series.map((one) => ({ ...one, values: kept.map((i) => one.values[i] ?? null) })),
  };
}
