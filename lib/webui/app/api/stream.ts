import { delay_ms } from "./backoff";
import { base } from "./base";
import { parse_frame, type StreamEvent } from "./events";

export type StreamState =
  | { kind: "connecting" }
  | { kind: "live" }
  | { kind: "reconnecting"; retry_at: number }
  | { kind: "offline" }
  | { kind: "ended" };

export interface StreamRequest {
  /** Only this conversation; null: all of them. */
  conversation: string | null;
  /** The place in the log to go on from; null: from now on. */
  cursor: string | null;
  on_event(event: StreamEvent): void;
  on_state(state: StreamState): void;
  /** The server does not know the cursor any more: what is shown has to be read anew. */
  on_reset(): void;
  /** Asked after a refused connection, for what EventSource does not tell: whether it is worth trying again. */
  may_retry(): Promise<boolean>;
}

export interface Subscription {
  /** Tries at once instead of waiting for the next attempt. */
  retry_now(): void;
  close(): void;
}

/** Where live events come from. Pages know no more than this, so several of them may share one connection. */
export interface Stream {
  subscribe(request: StreamRequest): Subscription;
}

// The server sends a ping every 15 s; two lost ones and some slack mean that the connection is dead.
const k_silence_ms = 40_000;

// With names the heartbeat is an event that the page can see. A server that does not name its frames is read as well.
const k_types = [
  "conversation.started", "message.created", "conversation.completed", "conversation.error", "conversation.updated",
  "conversation.deleted", "log.entry", "diagnostic.ping", "ping", "reset", "gap", "connection.established", "bridge.connected",
];

function stream_url(path: string, request: StreamRequest, cursor: string | null): string {
  const query = new URLSearchParams({ named: "1" });
  if (request.conversation) query.set("conversationId", request.conversation);
  if (cursor) query.set("last_event_id", cursor);
  return `${base}${path}?${query}`;
}

/** One EventSource for one subscription, with a watchdog and a patient way back. */
class Connection implements Subscription {
  private source: EventSource | null = null;
  private watchdog: number | undefined;
  private retry: number | undefined;
  private failures = 0;
  private closed = false;
  private cursor: string | null;

  constructor(
    private readonly path: string,
    private readonly request: StreamRequest,
  ) {
    this.cursor = request.cursor;
    addEventListener("online", this.wake);
    addEventListener("offline", this.lose);
    request.on_state({ kind: "connecting" });
    this.open();
  }

  retry_now(): void {
    if (!this.closed && this.retry !== undefined) this.open();
  }

  close(): void {
    this.closed = true;
    this.drop();
    removeEventListener("online", this.wake);
    removeEventListener("offline", this.lose);
  }

  private readonly wake = (): void => this.retry_now();

  private readonly lose = (): void => {
    this.fail();
    this.request.on_state({ kind: "offline" });
  };

  private open(): void {
    this.drop();
    const source = new EventSource(stream_url(this.path, this.request, this.cursor));
    this.source = source;
    source.onopen = () => {
      this.failures = 0;
      this.request.on_state({ kind: "live" });
    };
    for (const type of ["message", ...k_types]) source.addEventListener(type, (frame) => this.receive(frame as MessageEvent<string>));
    source.onerror = () => this.fail();
    this.feed_watchdog();
  }

  private receive(frame: MessageEvent<string>): void {
    this.feed_watchdog();
    // lastEventId stays that of the frame before for a frame without an id: it names a new event only when it moved.
    const id = frame.lastEventId !== "" && frame.lastEventId !== this.cursor ? frame.lastEventId : "";
    if (id) this.cursor = id;
    const event = parse_frame(frame.data, id);
    if (!event || event.type === "ping" || event.type === "connection.established") return;
    if (event.type === "reset" || event.type === "gap") this.request.on_reset();
    else this.request.on_event(event);
  }

  /** EventSource would try again by itself, but without our pace and without telling when. */
  private fail(): void {
    if (this.closed) return;
    const refused = this.source?.readyState === EventSource.CLOSED;
    this.drop();
    this.failures += 1;
    const wait = delay_ms(this.failures);
    this.retry = setTimeout(() => this.open(), wait);
    this.request.on_state({ kind: "reconnecting", retry_at: Date.now() + wait });
    if (refused) void this.ask();
  }

  private async ask(): Promise<void> {
    if (!(await this.request.may_retry()) && !this.closed) this.close();
  }

  private feed_watchdog(): void {
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => this.fail(), k_silence_ms);
  }

  private drop(): void {
    clearTimeout(this.watchdog);
    clearTimeout(this.retry);
    this.retry = undefined;
    this.source?.close();
    this.source = null;
  }
}

/** A connection for each subscription. Works in a page and in a worker. */
export const stream_at = (path: string): Stream => ({ subscribe: (request) => new Connection(path, request) });

export const direct_stream = stream_at("/api/realtime/stream");
