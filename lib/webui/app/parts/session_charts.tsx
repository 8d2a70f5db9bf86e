import { useMemo, useState } from "preact/hooks";
import type { OutlineItem } from "../api/types";
import type { Agent } from "../core/agents";
import { compact, cost, count, duration } from "../core/format";
import { session_plots, window_places, type Axis } from "../core/session_series";
import { work_of, type Work } from "../core/shares";
import { reveal } from "../core/unicode";
import { permalink } from "../core/url";
import { times } from "../state/times";
import { Plot } from "./plot";

interface Props {
  agents: readonly Agent[];
  /** The outline of all messages, oldest first. */
  items: readonly OutlineItem[];
  /** First and last message that the transcript shows now. */
  visible: readonly [number, number] | null;
  /** Brings a message into the transcript's view. */
  jump(sequence: number): void;
}

const k_height_px = 130;
// Messages that were all stored in one moment have no axis of time.
const k_shortest_ms = 1_000;

interface Measure {
  name: string;
  value: (work: Work) => number | null;
  words: (value: number) => string;
}

const k_measures: readonly Measure[] = [
  { name: "Messages", value: ({ messages }) => messages, words: count },
  { name: "Tokens", value: ({ tokens }) => tokens, words: compact },
  { name: "Cost", value: (work) => work.cost, words: cost },
  { name: "Time", value: ({ duration_ms }) => duration_ms, words: duration },
];

function ShareBar({ measure, all }: { measure: Measure; all: readonly Work[] }) {
  const sum = all.reduce((total, work) => total + (measure.value(work) ?? 0), 0);
  if (sum === 0) return null;
  let left = 0;
  return (
    <tr>
      <th scope="row">{measure.name}</th>
      <td>
        <svg class="share-strip" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
          {all.map((work) => {
            const width = (100 * (measure.value(work) ?? 0)) / sum;
            const bar = <rect key={work.agent.id} class={`swatch-fill ${work.agent.colour}`} x={left} y={0} width={width} height={8} />;
            left += width;
            return bar;
          })}
        </svg>
        <ul class="share-words">
          {all.map((work) => (
            <li key={work.agent.id}>
              <bdi>{reveal(work.agent.name)}</bdi> {measure.value(work) === null ? "—" : measure.words(measure.value(work)!)}
            </li>
          ))}
        </ul>
      </td>
    </tr>
  );
}

/** Who had how much of the session. */
function Shares({ agents, items }: Pick<Props, "agents" | "items">) {
  const all = useMemo(() => work_of(agents, items), [agents, items]);
  if (all.length < 2) return null;
  return (
    <section>
      <h2>By agent</h2>
      <table class="shares">
        <tbody>
          {k_measures.map((measure) => (
            <ShareBar key={measure.name} measure={measure} all={all} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function AxisChoice({ axis, choose }: { axis: Axis; choose(axis: Axis): void }) {
  const button = (value: Axis, word: string) => (
    <button type="button" class="button" aria-pressed={axis === value} onClick={() => choose(value)}>
      {word}
    </button>
  );
  return (
    <div class="axis-choice" role="group" aria-label="Along">
      {button("time", "Over time")}
      {button("turn", "By message")}
    </div>
  );
}

/** The plots beside the transcript: a click leads to the message, and what the transcript shows is shaded. */
export function SessionCharts({ agents, items, visible, jump }: Props) {
  const [wish, set_axis] = useState<Axis>("time");
  const takes_time = items.length > 0 && Date.parse(items[items.length - 1]!.timestamp) - Date.parse(items[0]!.timestamp) >= k_shortest_ms;
  const axis = takes_time ? wish : "turn";
  const words = times.value;
  const plots = useMemo(() => session_plots(items, axis), [items, axis]);
  if (items.length < 2) return <p class="quiet small">Plots need two messages.</p>;
  const by_time = axis === "time";
  const common = {
    is_time: by_time,
    height: k_height_px,
    x_title: by_time ? "Time" : "Message",
    format_x: by_time ? words.axis : count,
    name_x: by_time ? words.point : (value: number) => `#${value}`,
    pick: (index: number) => jump(items[index]!.sequenceNumber),
    link: (index: number) => permalink(items[index]!.sequenceNumber),
    window: window_places(items, plots.tokens.xs, visible),
  };
  const knows_cost = items.some((item) => item.cost !== null);
  return (
    <div class="session-charts">
      {takes_time && <AxisChoice axis={axis} choose={set_axis} />}
      <Plot {...common} key={`tokens ${axis}`} title="Tokens" kind="area" data={plots.tokens} format={compact} />
      {knows_cost && <Plot {...common} key={`cost ${axis}`} title="Cost" kind="area" data={plots.cost} format={cost} format_axis={(value) => `$${value.toFixed(2)}`} />}
      <Plot {...common} key={`latency ${axis}`} title="Time to answer" kind="dots" data={plots.latency} format={duration} />
      <Shares agents={agents} items={items} />
    </div>
  );
}
