import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Chart, ChartStyle } from "../charts/chart";
import { csv } from "../core/csv";
import { dash_of, type PlotData, type PlotKind } from "../core/plot";
import { reveal } from "../core/unicode";
import { settings } from "../state/settings";
import { theme } from "../state/theme";
import { Button } from "./button";

interface Props {
  title: string;
  kind: PlotKind;
  data: PlotData;
  /** Words for a value, and shorter ones for the axis. */
  format: (value: number) => string;
  format_axis?: (value: number) => string;
  /** What the x axis says; `step` is the distance between two of its words. */
  format_x: (value: number, step: number) => string;
  /** A place of the x axis in the table and under the pointer. */
  name_x: (value: number) => string;
  x_title: string;
  is_time?: boolean;
  height?: number;
  /** Where a place of the x axis leads. */
  pick?: (index: number) => void;
  link?: (index: number) => string;
  window?: readonly [number, number] | null;
}

const k_height_px = 180;

function style_of(root: HTMLElement): ChartStyle {
  const own = getComputedStyle(root);
  const colours = [...root.querySelectorAll<HTMLElement>(".swatch")].map((swatch) => getComputedStyle(swatch).color);
  const probe = (name: string) => getComputedStyle(root.querySelector<HTMLElement>(`.probe-${name}`)!).color;
  return { colours, ink: probe("quiet"), line: probe("line"), font: `11px ${own.fontFamily}` };
}

function useSystemTheme(): boolean {
  const query = useMemo(() => matchMedia("(prefers-color-scheme: dark)"), []);
  const [dark, set_dark] = useState(query.matches);
  useEffect(() => {
    const change = () => set_dark(query.matches);
    query.addEventListener("change", change);
    return () => query.removeEventListener("change", change);
  }, []);
  return dark;
}

/** The drawing in `place`, made anew when what it looks like changes, and given new data when only those do. */
function useChart(props: Props, hidden: ReadonlySet<number>, on_point: (index: number | null) => void) {
  const root = useRef<HTMLElement>(null);
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<Chart | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const [failed, set_failed] = useState(false);
  const utc = settings.value.zone === "utc";
  const dark = useSystemTheme();
  const shape = `${props.kind} ${props.data.series.map(({ label }) => label).join("|")}`;
  useEffect(() => {
    let closed = false;
    const draw = (module: typeof import("../charts/chart")) => {
      if (closed) return;
      const { kind, data, height = k_height_px, is_time = true, window = null } = latest.current;
      chart.current = module.draw_chart(place.current!, data, {
        kind, height, is_time, utc, window,
        style: style_of(root.current!),
        format_y: (value) => (latest.current.format_axis ?? latest.current.format)(value),
        format_x: (value, step) => latest.current.format_x(value, step),
        on_point,
        on_pick: (index) => latest.current.pick?.(index),
      });
      if (hidden.size > 0) chart.current.update(data, hidden, window);
    };
    import("../charts/chart").then(draw, () => set_failed(true));
    return () => {
      closed = true;
      chart.current?.close();
      chart.current = null;
    };
  }, [shape, utc, dark, theme.value]);
  useLayoutEffect(() => {
    chart.current?.update(props.data, hidden, props.window ?? null);
  }, [props.data, hidden, props.window?.[0], props.window?.[1]]);
  return { root, place, failed };
}

function Swatch({ tone, kind, index }: { tone: string; kind: PlotKind; index: number }) {
  const filled = kind === "bars" || kind === "stacked";
  return (
    <svg class={`swatch ${tone}`} viewBox="0 0 20 10" aria-hidden="true">
      {filled ? (
        <rect x="4" y="0" width="12" height="10" rx="2" fill="currentColor" />
      ) : kind === "dots" && index === 0 ? (
        <circle cx="10" cy="5" r="3" fill="currentColor" />
      ) : (
        <path d="M0 5h20" stroke="currentColor" stroke-width="2" stroke-dasharray={dash_of(index).join(" ")} />
      )}
    </svg>
  );
}

function save_csv({ title, data, name_x, x_title }: Props): void {
  const head = [x_title, ...data.series.map(({ label }) => label)];
  const rows = data.xs.map((x, i) => [name_x(x), ...data.series.map(({ values }) => values[i] ?? null)]);
  const url = URL.createObjectURL(new Blob([csv([head, ...rows])], { type: "text/csv" }));
  const link = Object.assign(document.createElement("a"), { href: url, download: `${title.toLowerCase().replace(/\W+/g, "-")}.csv` });
  link.click();
  URL.revokeObjectURL(url);
}

function DataTable(props: Props) {
  const { title, data, format, name_x, x_title, link } = props;
  const known = data.xs.map((_, i) => i).filter((i) => data.series.some(({ values }) => values[i] !== null));
  return (
    <div class="plot-table">
      <div class="scroll-box" tabIndex={0} role="region" aria-label={`Data of ${title}`}>
        <table class="table-plain">
          <thead>
            <tr>
              <th scope="col">{x_title}</th>
              {data.series.map(({ label }) => (
                <th key={label} scope="col" class="number">
                  {reveal(label)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {known.map((i) => (
              <tr key={i}>
                <td>{link ? <a href={link(i)}>{name_x(data.xs[i]!)}</a> : name_x(data.xs[i]!)}</td>
                {data.series.map(({ label, values }) => (
                  <td key={label} class="number">
                    {values[i] == null ? "—" : format(values[i]!)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Button label="Save as CSV" icon="export" kind="quiet" onClick={() => save_csv(props)}>
        CSV
      </Button>
    </div>
  );
}

/** A plot with its legend, whose entries switch the lines off and on, and the numbers behind it. */
export function Plot(props: Props) {
  const { title, kind, data, format, name_x } = props;
  const [hidden, set_hidden] = useState<ReadonlySet<number>>(new Set());
  const [point, set_point] = useState<number | null>(null);
  const [open, set_open] = useState(false);
  const { root, place, failed } = useChart(props, hidden, set_point);
  const toggle = (index: number) => {
    const next = new Set(hidden);
    if (!next.delete(index)) next.add(index);
    set_hidden(next);
  };
  return (
    <figure class="plot" ref={root}>
      <figcaption class="plot-head">
        <h2>{title}</h2>
        <span class="quiet plot-point">{point !== null && data.xs[point] !== undefined && name_x(data.xs[point]!)}</span>
        <button type="button" class="link small" aria-expanded={open} onClick={() => set_open(!open)}>
          {open ? "Hide data" : "Show data"}
        </button>
      </figcaption>
      <ul class="legend">
        {data.series.map(({ label, tone, values }, i) => (
          <li key={label}>
            <button type="button" aria-pressed={!hidden.has(i)} onClick={() => toggle(i)}>
              <Swatch tone={tone} kind={kind} index={i} />
              <bdi>{reveal(label)}</bdi>
              {point !== null && <b>{values[point] == null ? "—" : format(values[point]!)}</b>}
            </button>
          </li>
        ))}
      </ul>
      <div class="plot-place" ref={place} role="img" aria-label={`${title}. The same data is in the table that "Show data" opens.`} />
      {failed && <p class="quiet small">The drawing could not be loaded; the data are in the table.</p>}
      {open && <DataTable {...props} />}
      <span class="probe-quiet" />
      <span class="probe-line" />
    </figure>
  );
}
