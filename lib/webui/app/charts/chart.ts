// Draws plots with uPlot; a chunk of its own, read when the first plot comes into sight.

import uPlot from "uplot";
import { dash_of, stacked, thinned, type PlotData, type PlotKind } from "../core/plot";

export interface ChartStyle {
  /** One for each series. */
  colours: readonly string[];
  ink: string;
  line: string;
  font: string;
}

export interface ChartSpec {
  kind: PlotKind;
  style: ChartStyle;
  height: number;
  /** Words for the axes. */
  format_y(value: number): string;
  format_x(value: number, step: number): string;
  /** x is time, with steps of minutes, hours, days; else plain numbers. */
  is_time: boolean;
  utc: boolean;
  /** The place under the pointer; null when it left. */
  on_point(index: number | null): void;
  on_pick?(index: number): void;
  /** A part of the x axis to be shaded. */
  window?: readonly [number, number] | null;
}

export interface Chart {
  update(data: PlotData, hidden: ReadonlySet<number>, window: readonly [number, number] | null): void;
  close(): void;
}

const k_axis_px = 52;
// Few enough places to mark each: a value between two gaps has no line.
const k_marked_points = 120;
const k_bar_share = 0.86;

const layers_of = (data: PlotData, kind: PlotKind) => (kind === "stacked" ? stacked(data.series) : data.series.map(({ values }) => values));

/** The highest layer is drawn first, so that the lower ones stand before it. */
function drawing_order(count: number, kind: PlotKind): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  return kind === "stacked" ? order.reverse() : order;
}

function series_options(spec: ChartSpec, index: number): uPlot.Series {
  const colour = spec.style.colours[index] ?? spec.style.ink;
  const filled = spec.kind === "bars" || spec.kind === "stacked";
  if (filled) return { stroke: colour, fill: colour, width: 0, paths: uPlot.paths.bars!({ size: [k_bar_share, 64] }), points: { show: false } };
  if (spec.kind === "dots" && index === 0) return { stroke: colour, paths: () => null, points: { show: true, size: 4, fill: colour, width: 0 } };
  return { stroke: colour, width: 1.5, dash: [...dash_of(index)], fill: spec.kind === "area" ? `color-mix(in srgb, ${colour} 14%, transparent)` : undefined, points: { show: (plot) => plot.data[0].length <= k_marked_points, size: 4, fill: colour, width: 0 } };
}

function axes(spec: ChartSpec): uPlot.Axis[] {
  const common = { stroke: spec.style.ink, font: spec.style.font, ticks: { show: false }, gap: 6 };
  return [
    { ...common, grid: { show: false }, size: 28, space: 70, values: (_, splits, __, ___, step) => splits.map((split) => spec.format_x(split, step)) },
    { ...common, size: k_axis_px, grid: { stroke: spec.style.line, width: 1 }, values: (_, splits) => splits.map(spec.format_y), space: 34 },
  ];
}

/** Shades the part of the session that the transcript shows. */
function shade(plot: uPlot, window: readonly [number, number] | null, colour: string): void {
  if (!window) return;
  const [from, to] = window.map((x) => plot.valToPos(x, "x", true)) as [number, number];
  plot.ctx.save();
  plot.ctx.globalAlpha = 0.5;
  plot.ctx.fillStyle = colour;
  plot.ctx.fillRect(from, plot.bbox.top, Math.max(2, to - from), plot.bbox.height);
  plot.ctx.restore();
}

export function draw_chart(place: HTMLElement, first: PlotData, spec: ChartSpec): Chart {
  let shown = first;
  let window = spec.window ?? null;
  const order = drawing_order(first.series.length, spec.kind);
  const data_for = (data: PlotData, hidden: ReadonlySet<number>): uPlot.AlignedData => {
    shown = thinned(data, place.clientWidth);
    const visible = { ...shown, series: shown.series.map((one, i) => (hidden.has(i) ? { ...one, values: one.values.map(() => null) } : one)) };
    const layers = layers_of(visible, spec.kind);
    return [[...shown.xs], ...order.map((i) => [...layers[i]!])] as uPlot.AlignedData;
  };
  const original_index = (index: number): number => (shown === first ? index : first.xs.indexOf(shown.xs[index]!));
  const plot = new uPlot(
    {
      width: Math.max(120, place.clientWidth),
      height: spec.height,
      tzDate: spec.utc ? (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC") : undefined,
      padding: [8, 8, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { show: spec.kind !== "bars" && spec.kind !== "stacked" }, drag: { x: false, y: false } },
      scales: { x: { time: spec.is_time }, y: { range: (_, low, high) => [Math.min(0, low ?? 0), (high ?? 0) > 0 ? high * 1.06 : 1] } },
      axes: axes(spec),
      series: [{}, ...order.map((i) => series_options(spec, i))],
      hooks: {
        setCursor: [(self) => spec.on_point(self.cursor.idx == null ? null : original_index(self.cursor.idx))],
        drawClear: [(self) => shade(self, window, spec.style.line)],
      },
    },
    data_for(first, new Set()),
    place,
  );
  const pick = () => plot.cursor.idx != null && spec.on_pick?.(original_index(plot.cursor.idx));
  plot.over.addEventListener("click", pick);
  const observer = new ResizeObserver(() => {
    if (place.clientWidth > 0 && place.clientWidth !== plot.width) plot.setSize({ width: place.clientWidth, height: spec.height });
  });
  observer.observe(place);
  return {
    update: (data, hidden, shaded) => {
      first = data;
      window = shaded;
      plot.setData(data_for(data, hidden));
    },
    close: () => {
      observer.disconnect();
      plot.destroy();
    },
  };
}
