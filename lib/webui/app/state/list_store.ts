import { batch, signal } from "@preact/signals";
import { ApiError, get_session, list_sessions } from "../api/client";
import { conversation_id, type StreamEvent } from "../api/events";
import type { Stream, StreamState, Subscription } from "../api/stream";
import { add_event, arrival_of, open_list, replace_session, type List, type Place } from "../core/list";
import { presumed_status } from "../core/live_session";
import type { ListQuery } from "../core/url";
import { failure_of, type Failure } from "./failure";
import { Batch } from "./frames";
import { read_list, type Found, type ListAnswer } from "./list_source";
import { needs_sign_in } from "./signin";

// Totals change under the reader's eyes at most four times a second.
const k_patch_ms = 250;
const k_reload_ms = 1_000;

/** What is shown until the first answer, and what kind of list it is. */
export interface ListOptions {
  previous: List | null;
  /** The strip of what runs now: rows leave it when their session ends. */
  only_running: boolean;
}

const is_end = (event: StreamEvent): boolean => event.type === "conversation.completed" || presumed_status(event) === "INTERRUPTED";

/** The list for one query, live while it is open. */
export class ListStore {
  readonly list = signal<List | null>(null);
  readonly found = signal<ReadonlyMap<string, Found> | null>(null);
  /** False where `list.total` is only what could be counted. */
  readonly is_counted = signal(true);
  readonly has_next = signal(false);
  readonly loading = signal(true);
  readonly failure = signal<Failure | null>(null);
  readonly loaded_at = signal<number | null>(null);
  readonly stream_state = signal<StreamState>({ kind: "connecting" });

  private subscription: Subscription | null = null;
  private asked_at = 0;
  private reload_timer: number | undefined;
  private readonly aborter = new AbortController();
  private readonly events = new Batch<StreamEvent>((events) => this.take(events), k_patch_ms);

  constructor(
    private readonly query: ListQuery,
    private readonly stream: Stream,
    private readonly options: ListOptions,
  ) {
    this.list.value = options.previous;
    void this.load();
  }

  async load(): Promise<void> {
    this.loading.value = true;
    this.asked_at = Date.now();
    try {
      const answer = await read_list(this.query, this.aborter.signal);
      batch(() => this.show(answer));
      this.listen(answer.cursor);
    } catch (error) {
      if (this.aborter.signal.aborted || needs_sign_in(error)) return;
      this.failure.value = failure_of(error);
    } finally {
      this.loading.value = false;
    }
  }

  retry_stream(): void {
    this.subscription?.retry_now();
  }

  close(): void {
    this.aborter.abort();
    clearTimeout(this.reload_timer);
    this.subscription?.close();
    this.events.stop();
  }

  private show({ sessions, total, has_next, cursor, found }: ListAnswer): void {
    const seen = (this.query.page - 1) * this.query.limit + sessions.length;
    this.list.value = open_list(sessions, total ?? seen, cursor);
    this.is_counted.value = total !== null;
    this.has_next.value = has_next;
    this.found.value = found;
    this.failure.value = null;
    this.loaded_at.value = Date.now();
  }

  private listen(cursor: string | null): void {
    this.subscription?.close();
    this.events.stop();
    this.subscription = this.stream.subscribe({
      conversation: null,
      cursor,
      on_event: (event) => this.events.add(event),
      on_state: (state) => (this.stream_state.value = state),
      on_reset: () => void this.load(),
      may_retry: () => this.may_retry(),
    });
  }

  private async may_retry(): Promise<boolean> {
    try {
      await list_sessions(new URLSearchParams({ page: "1", limit: "1" }), this.aborter.signal);
    } catch (error) {
      return !needs_sign_in(error);
    }
    return true;
  }

  private take(events: StreamEvent[]): void {
    const before = this.list.value;
    if (!before) return;
    const at_top = this.options.only_running || scrollY < 8;
    const place: Place = {
      arrival: (session) => arrival_of(session, this.query, at_top),
      limit: this.query.limit,
      only_running: this.options.only_running,
    };
    this.list.value = events.reduce((list, event) => add_event(list, event, place), before);
    if (this.list.value.is_stale) this.reload_soon();
    // The totals of a finished session are the server's: it counts what clients only claim.
    const finished = new Set(events.filter(is_end).map(conversation_id));
    for (const id of finished) if (id) void this.reread(id);
  }

  private reload_soon(): void {
    this.reload_timer ??= setTimeout(() => {
      this.reload_timer = undefined;
      void this.load();
    }, Math.max(0, this.asked_at + k_reload_ms - Date.now()));
  }

  /** A row that is not on this page any more needs no news. */
  private async reread(id: string): Promise<void> {
    if (!this.list.value?.rows.some((row) => row.session.id === id)) return;
    try {
      const { streamCursor, ...session } = await get_session(id, this.aborter.signal);
      if (this.list.value) this.list.value = replace_session(this.list.value, session, streamCursor);
    } catch (error) {
      if (!(error instanceof ApiError)) return;
      needs_sign_in(error);
    }
  }
}
