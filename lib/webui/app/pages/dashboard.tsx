import { useEffect, useMemo } from "preact/hooks";
import { list_sessions } from "../api/client";
import { get_series, get_top, type TimeSeries } from "../api/metrics";
import { shared_stream } from "../api/shared_stream";
import type { StreamState } from "../api/stream";
import {
  bucket_link, buckets_of, error_rate, figure_series, format_dashboard, group_series, hour_table, k_ranges, parse_dashboard,
  sessions_link, spend, stretch_of, times_of, type DashboardQuery,
} from "../core/dashboard";
import { compact, cost, count, duration, k_unknown } from "../core/format";
import { HeatMap } from "../parts/heat_map";
import { FailureBox } from "../parts/notice";
import { usePageTitle } from "../parts/page_title";
import { Plot } from "../parts/plot";
import { Skeleton } from "../parts/skeleton";
import { Tile } from "../parts/tile";
import { TopTables } from "../parts/top_tables";
import { useConnection } from "../state/connection";
import { useLoaded } from "../state/loaded";
import { href, navigate, place } from "../state/router";
import { settings } from "../state/settings";
import { times } from "../state/times";
import { useSignal } from "@preact/signals";

const k_top_rows = 8;
// Events come in crowds; the figures behind them are asked for at most this often.
const k_refresh_ms = 2_000;

async function load(query: DashboardQuery, signal: AbortSignal) {
  const stretch = stretch_of(query, Date.now());
  const buckets = buckets_of(query);
  const [whole, grouped, top, live] = await Promise.all([
    get_series(stretch, buckets, null, signal),
    get_series(stretch, buckets, query.by, signal),
    get_top(stretch, k_top_rows, signal),
    list_sessions(new URLSearchParams({ status: "ACTIVE", page: "1", limit: "1" }), signal),
  ]);
  return { whole, grouped, top, live: live.pagination.total };
}

type Answer = Awaited<ReturnType<typeof load>>;

/** Calls `refresh` when something happened on the server, not more often than is good for both. */
function useRefresh(refresh: () => void): { state: StreamState; retry: () => void } {
  const state = useSignal<StreamState>({ kind: "connecting" });
  const subscription = useMemo(() => {
    let timer: number | undefined;
    const later = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        if (document.visibilityState === "visible") refresh();
      }, k_refresh_ms);
    };
    const inner = shared_stream.subscribe({
      conversation: null,
      cursor: null,
      on_event: later,
      on_state: (next) => (state.value = next),
      on_reset: later,
      may_retry: async () => true,
    });
    return {
      retry: () => inner.retry_now(),
      close: () => {
        clearTimeout(timer);
        inner.close();
      },
    };
  }, []);
  useEffect(() => () => subscription.close(), []);
  return { state: state.value, retry: subscription.retry };
}

function Choices({ query }: { query: DashboardQuery }) {
  return (
    <nav class="ranges" aria-label="Time">
      {k_ranges.map((range) => (
        <a
          key={range.name}
          href={href(`/dashboard${format_dashboard({ ...query, range })}`)}
          aria-current={query.range?.name === range.name ? "true" : undefined}
        >
          {range.words}
        </a>
      ))}
    </nav>
  );
}

function Tiles({ answer, query }: { answer: Answer; query: DashboardQuery }) {
  const { totals, previous } = answer.whole;
  const link = (filters?: Record<string, string>) => href(sessions_link(query, filters));
  const money = spend(totals);
  const rate = error_rate(totals);
  return (
    <div class="tiles">
      <Tile label="Live now" value={count(answer.live)} href={href("/sessions?status=ACTIVE")} />
      <Tile label="Sessions" value={count(totals.sessions)} now={totals.sessions} before={previous.sessions} href={link()} />
      <Tile label="Messages" value={compact(totals.messages)} now={totals.messages} before={previous.messages} href={link({ sort: "messages" })} />
      <Tile label="Tokens" value={compact(totals.totalTokens)} now={totals.totalTokens} before={previous.totalTokens} href={link({ sort: "tokens" })} />
      <Tile label={totals.estimatedCost ? "Cost, partly estimated" : "Cost"} value={cost(money)} now={money} before={spend(previous)} href={link({ sort: "cost" })} />
      <Tile label="Errors per 100" value={rate === null ? k_unknown : rate.toFixed(rate < 10 ? 1 : 0)} now={rate} before={error_rate(previous)} worse href={link({ error: "1" })} />
      <Tile label="Median answer" value={duration(totals.latencyP50)} now={totals.latencyP50} before={previous.latencyP50} worse href={link({ sort: "duration" })} />
      <Tile label="Slowest 5 %" value={duration(totals.latencyP95)} now={totals.latencyP95} before={previous.latencyP95} worse href={link({ sort: "duration" })} />
    </div>
  );
}

function GroupChoice({ query }: { query: DashboardQuery }) {
  const choose = (by: string) => navigate(`/dashboard${format_dashboard({ ...query, by: by as DashboardQuery["by"] })}`);
  return (
    <label class="group-choice">
      <span class="quiet">Cost and messages by</span>
      <select value={query.by} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="agent">agent</option>
        <option value="model">model</option>
        <option value="source">source</option>
      </select>
    </label>
  );
}

const short_cost = (value: number): string => `$${value < 10 ? value.toFixed(2) : compact(Math.round(value))}`;
const percent = (value: number): string => `${value.toFixed(1)} %`;

function Plots({ whole, grouped, query }: { whole: TimeSeries; grouped: TimeSeries; query: DashboardQuery }) {
  const words = times.value;
  const { zone } = settings.value;
  const data = useMemo(() => {
    const points = whole.groups[0]?.points ?? [];
    const xs = times_of(points);
    const one = (label: string, tone: string, value: Parameters<typeof figure_series>[3]) => figure_series(points, label, tone, value);
    return {
      points,
      sessions: { xs, series: [one("Sessions", "tone-0", (point) => point.sessions)] },
      messages: { xs, series: group_series(grouped.groups, query.by, (point) => point.messages) },
      cost: { xs, series: group_series(grouped.groups, query.by, spend) },
      tokens: { xs, series: [one("Input", "tone-0", (point) => point.inputTokens), one("Output", "tone-1", (point) => point.outputTokens)] },
      latency: { xs, series: [one("Median", "tone-0", (point) => point.latencyP50), one("95 of 100 are faster", "tone-3", (point) => point.latencyP95)] },
      errors: { xs, series: [one("Errors per 100 messages", "tone-bad", (point) => error_rate(point))] },
    };
  }, [whole, grouped, query.by]);
  const common = {
    format_x: words.axis,
    name_x: words.point,
    x_title: "Time",
    pick: (index: number) => navigate(bucket_link(whole, index)),
    link: (index: number) => href(bucket_link(whole, index)),
  };
  const bucket_is_short = whole.bucketSeconds <= 3 * 3600;
  return (
    <div class="plots">
      <Plot {...common} title="Sessions" kind="bars" data={data.sessions} format={count} format_axis={compact} />
      <Plot {...common} title={`Messages by ${query.by}`} kind="stacked" data={data.messages} format={count} format_axis={compact} />
      <Plot {...common} title={`Cost by ${query.by}`} kind="stacked" data={data.cost} format={cost} format_axis={short_cost} />
      <Plot {...common} title="Tokens" kind="stacked" data={data.tokens} format={compact} />
      <Plot {...common} title="Time to answer" kind="line" data={data.latency} format={duration} />
      <Plot {...common} title="Error rate" kind="bars" data={data.errors} format={percent} format_axis={(value) => `${Number.isInteger(value) ? value : value.toFixed(1)} %`} />
      {bucket_is_short && <HeatMap table={hour_table(data.points, zone === "utc")} zone={zone === "utc" ? "UTC" : "your time"} />}
    </div>
  );
}

export default function DashboardPage() {
  const { search } = place.value;
  const query = useMemo(() => parse_dashboard(search), [search]);
  const answer = useLoaded(search, (signal) => load(parse_dashboard(place.value.search), signal));
  const { state, retry } = useRefresh(() => void answer.load());
  useConnection({ state, paused: false, last_event_at: null, retry });
  usePageTitle("Dashboard", false);
  const value = answer.value.value;
  const failure = answer.failure.value;
  return (
    <main class="page" id="main" tabIndex={-1}>
      <div class="page-head">
        <h1 tabIndex={-1}>Dashboard</h1>
        <Choices query={query} />
        <GroupChoice query={query} />
      </div>
      {failure && <FailureBox failure={failure} stale_since={value ? answer.loaded_at.value : null} retry={() => void answer.load()} />}
      {value && (
        <div class="dashboard" aria-busy={answer.loading.value}>
          <Tiles answer={value} query={query} />
          <Plots whole={value.whole} grouped={value.grouped} query={query} />
          <TopTables top={value.top} query={query} />
        </div>
      )}
      {!value && !failure && <Skeleton />}
    </main>
  );
}
