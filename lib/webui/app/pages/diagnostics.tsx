import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { base } from "../api/base";
import { get_diagnostics, type Diagnostics } from "../api/diagnostics";
import type { StreamEvent } from "../api/events";
import { shared_stream } from "../api/shared_stream";
import type { StreamState } from "../api/stream";
import { with_event, type TailLine } from "../core/event_tail";
import { bytes, count, duration } from "../core/format";
import { report } from "../core/report";
import { reveal } from "../core/unicode";
import { Button } from "../parts/button";
import { copy_text } from "../parts/copy";
import { Agents, Checks, LevelMark, Pairs, Refused } from "../parts/diagnosis";
import { EventTail } from "../parts/event_tail";
import { FailureBox } from "../parts/notice";
import { usePageTitle } from "../parts/page_title";
import { Skeleton } from "../parts/skeleton";
import { StreamTestBox, useStreamTest, type StreamTest } from "../parts/stream_test";
import { RelativeTime } from "../parts/time";
import { useConnection } from "../state/connection";
import { Batch } from "../state/frames";
import { Loaded } from "../state/loaded";

const k_tail_ms = 250;
const k_copied_ms = 2_000;
const k_again_ms = 10_000;

/** The tail of the stream, and every event of it for the test. */
function useTail(test: StreamTest) {
  const lines = useSignal<readonly TailLine[]>([]);
  const paused = useSignal(false);
  const state = useSignal<StreamState>({ kind: "connecting" });
  const latest = useRef(test);
  latest.current = test;
  const subscription = useMemo(() => {
    let key = 0;
    const batch = new Batch<StreamEvent>((events) => {
      if (!paused.value) lines.value = events.reduce((list, event) => with_event(list, event, ++key), lines.value);
    }, k_tail_ms);
    const inner = shared_stream.subscribe({
      conversation: null,
      cursor: null,
      on_event: (event) => {
        latest.current.take(event);
        batch.add(event);
      },
      on_state: (next) => (state.value = next),
      on_reset: () => undefined,
      may_retry: async () => true,
    });
    return {
      retry: () => inner.retry_now(),
      close: () => {
        batch.stop();
        inner.close();
      },
    };
  }, []);
  useEffect(() => () => subscription.close(), []);
  return { lines: lines.value, paused: paused.value, toggle: () => (paused.value = !paused.value), state: state.value, retry: subscription.retry };
}

/** By how much the server's clock is ahead of the browser's: half the way of the answer is taken off. */
async function measured(signal: AbortSignal, anew: boolean): Promise<{ found: Diagnostics; skew_ms: number }> {
  const sent = Date.now();
  const found = await get_diagnostics(anew, signal);
  const middle = (sent + Date.now()) / 2;
  return { found, skew_ms: Math.round(Date.parse(found.serverTime) - middle) };
}

function Facts({ found, skew_ms }: { found: Diagnostics; skew_ms: number }) {
  const { database, sse, ingest } = found;
  const size = (value: number | null) => (value === null ? "—" : bytes(value));
  const facts: [string, preact.ComponentChildren][] = [
    ["Version", found.version],
    ["Up for", duration(found.uptimeSeconds * 1000)],
    ["Database", `${database.kind}, ${size(database.bytes)}, answers in ${database.latencyMs.toFixed(1)} ms`],
    ["Disk free", size(database.freeBytes)],
    ["Stored", `${count(database.sessions)} sessions, ${count(database.messages)} messages`],
    ["Coming in", `${ingest.eventsPerSecond === null ? "—" : ingest.eventsPerSecond.toFixed(1)} events/s`],
    ["Last event", ingest.lastAt ? <RelativeTime iso={ingest.lastAt} /> : "none yet"],
    ["Streams", `${count(sse.subscribers)} open, ${count(sse.behind)} behind, ${count(sse.droppedSlow)} dropped`],
    ["Clocks", `${Math.abs(skew_ms) < 1000 ? `${Math.abs(skew_ms)} ms` : duration(Math.abs(skew_ms))} apart`],
  ];
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function IngestTest() {
  return (
    <section class="diagnosis">
      <h2>Test ingest</h2>
      <p class="small quiet">From the machine where your agents run, with its key; every step says what to do when it fails:</p>
      <pre class="recipe" tabIndex={0}>
        <code>
          {`agentpipe-bridge setup --url ${location.origin + base} --api-key-stdin --enable\nagentpipe-bridge test`}
        </code>
      </pre>
    </section>
  );
}

export default function DiagnosticsPage() {
  usePageTitle("Diagnostics", false);
  const anew = useRef(false);
  const answer = useMemo(() => new Loaded((signal) => measured(signal, anew.current)), []);
  const load = (fresh: boolean) => {
    anew.current = fresh;
    void answer.load();
  };
  // That takes seconds, and is not called off.
  const asks_agents = () => answer.loading.value && anew.current;
  useEffect(() => () => answer.close(), []);
  const test = useStreamTest();
  const tail = useTail(test);
  useEffect(() => {
    const again = () => document.visibilityState === "visible" && !asks_agents() && load(false);
    again();
    const timer = setInterval(again, k_again_ms);
    return () => clearInterval(timer);
    // Once this page's own stream is open it counts among the streams.
  }, [tail.state.kind === "live"]);
  useConnection({ state: tail.state, paused: tail.paused, last_event_at: null, retry: tail.retry });
  const value = answer.value.value;
  const failure = answer.failure.value;
  const [copied, set_copied] = useState<string | null>(null);
  const copy = async () => {
    const { outcome } = test;
    const text = report(value!.found, { agent: navigator.userAgent, skew_ms: value!.skew_ms, round_trip_ms: outcome.kind === "came" ? outcome.ms : null });
    set_copied((await copy_text(text)) ? "Copied" : "Not copied");
    setTimeout(() => set_copied(null), k_copied_ms);
  };
  return (
    <main class="page" id="main" tabIndex={-1}>
      <div class="page-head">
        <h1 tabIndex={-1}>Diagnostics</h1>
        <div class="head-actions">
          <Button label="Ask everything anew, the agents too" icon="retry" disabled={asks_agents()} onClick={() => load(true)}>
            Refresh
          </Button>
          <Button label="Copy a report as Markdown, without secrets" icon="copy" disabled={!value} onClick={() => void copy()}>
            {copied ?? "Copy report"}
          </Button>
        </div>
      </div>
      {failure && <FailureBox failure={failure} stale_since={value ? answer.loaded_at.value : null} retry={() => load(false)} />}
      {!value && !failure && <Skeleton />}
      {value && (
        <>
          <p class={`verdict ${value.found.status}`}>
            <LevelMark level={value.found.status}>{reveal(value.found.sentence)}</LevelMark>
          </p>
          <Facts found={value.found} skew_ms={value.skew_ms} />
        </>
      )}
      <StreamTestBox test={test} />
      <div class="diagnoses">
        {value && <Checks checks={value.found.checks} />}
        {value && <Refused rejected={value.found.ingest.rejected} />}
        <EventTail lines={tail.lines} paused={tail.paused} toggle={tail.toggle} />
        {value && <Agents agents={value.found.agents} />}
        {value && <Pairs title="Configuration" words={["Setting", "Value", "From"]} pairs={value.found.configuration.map(({ key, ...rest }) => ({ name: key, ...rest }))} />}
        {value && <Pairs title="Environment" words={["Variable", "Value"]} pairs={value.found.environment} />}
        <IngestTest />
      </div>
    </main>
  );
}
