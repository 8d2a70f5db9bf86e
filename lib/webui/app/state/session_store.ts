import { batch, signal } from "@preact/signals";
import type { Window } from "../api/client";
import { earlier } from "../api/cursor";
import type { StreamEvent } from "../api/events";
import { source_of, type SessionSource } from "../api/source";
import type { Stream, StreamState, Subscription } from "../api/stream";
import type { MessagePage } from "../api/types";
import {
  add_earlier, add_events, add_later, add_notes, add_snapshot, drop_held, has_hole, newest, open_conversation,
  type Conversation, type Page,
} from "../core/conversation";
import { is_over } from "../core/live_session";
import { failure_of, type Failure } from "./failure";
import { Batch } from "./frames";
import { needs_sign_in } from "./signin";

// Messages of several agents may overtake each other; a hole older than this is asked for.
const k_hole_ms = 2_000;
// What a client sends right after the end still belongs to the conversation.
const k_after_end_ms = 5_000;

/** Is there more in the direction that was asked for? The cursors say; a page of large messages may be a short one. */
function page_of(answer: MessagePage, window: Window): Page {
  const backwards = "before_seq" in window || ("from" in window && window.from === "end");
  const { nextCursor, previousCursor } = answer.pagination;
  return { messages: answer.messages, full: (backwards ? previousCursor : nextCursor) !== null };
}

/** Which way a first page may go on. Around a message nobody knows: both are tried. */
function edges(window: Window, page: Page): { has_earlier: boolean; has_later: boolean } {
  if ("around" in window) return { has_earlier: true, has_later: true };
  const from_end = "from" in window && window.from === "end";
  return { has_earlier: from_end && page.full, has_later: !from_end && page.full };
}

/** One session's page: its conversation, live while it goes on. */
export class SessionStore {
  readonly conversation = signal<Conversation | null>(null);
  readonly failure = signal<Failure | null>(null);
  readonly stream_state = signal<StreamState>({ kind: "connecting" });
  /** When the last event came; for "waiting since". */
  readonly last_event_at = signal(Date.now());
  readonly catching_up = signal(false);

  /** The reader is shown nothing after this message. */
  held_after = Infinity;

  private subscription: Subscription | null = null;
  private hole_timer: number | undefined;
  private end_timer: number | undefined;
  private paging = false;
  private readonly aborter = new AbortController();
  private readonly events = new Batch<StreamEvent>((events) => this.take(events));

  constructor(
    private readonly id: string,
    /** Null: what is read stays as it is. */
    private readonly stream: Stream | null,
    sequence: number | null,
    private readonly source: SessionSource = source_of(id),
  ) {
    void this.load(sequence === null ? null : { around: sequence });
  }

  /** Reads the page anew; without a wish, a running session from its end and a finished one from its start. */
  async load(wish: Window | null): Promise<void> {
    try {
      const head_answer = this.source.head(this.aborter.signal);
      const wished = wish ? this.messages(wish) : null;
      wished?.catch(() => undefined);
      const { streamCursor, ...session } = await head_answer;
      const window: Window = wish ?? { from: session.status === "ACTIVE" ? "end" : "start" };
      const answer = await (wished ?? this.messages(window));
      const page = page_of(answer, window);
      batch(() => {
        this.conversation.value = open_conversation(session, streamCursor, page.messages, edges(window, page));
        this.failure.value = null;
        this.last_event_at.value = Date.parse(session.updatedAt ?? session.startedAt) || Date.now();
      });
      this.listen(earlier(streamCursor, answer.streamCursor));
      await this.read_notes();
    } catch (error) {
      this.fail(error);
    }
  }

  load_earlier(): Promise<void> {
    const first = this.conversation.value?.messages[0];
    if (!first) return Promise.resolve();
    return this.page({ before_seq: first.sequenceNumber }, add_earlier);
  }

  load_later(): Promise<void> {
    const { conversation } = this;
    if (!conversation.value) return Promise.resolve();
    return this.page({ after_seq: newest(conversation.value) }, add_later);
  }

  retry_stream(): void {
    this.subscription?.retry_now();
  }

  close(): void {
    this.aborter.abort();
    this.stop_listening();
    clearTimeout(this.hole_timer);
  }

  private messages(window: Window): Promise<MessagePage> {
    return this.source.messages(window, this.aborter.signal);
  }

  private async page(window: Window, add: (conversation: Conversation, page: Page) => Conversation): Promise<void> {
    if (this.paging) return;
    this.paging = true;
    try {
      const page = page_of(await this.messages(window), window);
      if (this.conversation.value) this.conversation.value = add(this.conversation.value, page);
    } catch (error) {
      this.fail(error);
    } finally {
      this.paging = false;
    }
  }

  private listen(cursor: string | null): void {
    this.stop_listening();
    if (!this.stream || !this.conversation.value || is_over(this.conversation.value.live.session)) {
      this.stream_state.value = { kind: "ended" };
      return;
    }
    this.subscription = this.stream.subscribe({
      conversation: this.id,
      cursor,
      on_event: (event) => this.events.add(event),
      on_state: (state) => (this.stream_state.value = state),
      on_reset: () => void this.catch_up(),
      may_retry: () => this.may_retry(),
    });
  }

  private stop_listening(): void {
    this.subscription?.close();
    this.subscription = null;
    this.events.stop();
    clearTimeout(this.end_timer);
    this.end_timer = undefined;
  }

  private async may_retry(): Promise<boolean> {
    try {
      await this.read_head();
    } catch (error) {
      const { status } = failure_of(error);
      if (status === 401 || status === 404) this.fail(error);
      return status !== 401 && status !== 404;
    }
    return true;
  }

  private take(events: StreamEvent[]): void {
    const before = this.conversation.value;
    if (!before) return;
    const end = events.find((event) => event.type === "conversation.deleted");
    if (end) return end.data.reason === "replaced" ? location.reload() : this.gone();
    const after = drop_held(add_events(before, events), this.held_after);
    batch(() => {
      this.conversation.value = after;
      this.last_event_at.value = Date.now();
    });
    if (has_hole(after)) this.hole_timer ??= setTimeout(() => this.fill_hole(), k_hole_ms);
    const { session } = after.live;
    if (session.statusInferred && !before.live.session.statusInferred) this.read_totals();
    if (is_over(session) && this.end_timer === undefined) this.finish();
  }

  private gone(): void {
    this.stop_listening();
    this.failure.value = { text: "This session has been deleted.", detail: "", status: 404 };
  }

  private fill_hole(): void {
    this.hole_timer = undefined;
    if (this.conversation.value && has_hole(this.conversation.value)) void this.catch_up();
  }

  /** The totals of a session that does not go on are the server's: it counts what clients only claim. */
  private read_totals(): void {
    this.read_head().catch((error) => this.fail(error));
  }

  private finish(): void {
    this.read_totals();
    this.end_timer = setTimeout(() => {
      this.stop_listening();
      this.stream_state.value = { kind: "ended" };
    }, k_after_end_ms);
  }

  /** Asks for the pages after the settled end until there are no more. */
  private async catch_up(): Promise<void> {
    if (this.catching_up.value) return;
    this.catching_up.value = true;
    try {
      await this.read_head();
      let full = this.conversation.value !== null && !this.conversation.value.has_later;
      while (full && this.conversation.value) {
        const window = { after_seq: this.conversation.value.settled };
        const page = page_of(await this.messages(window), window);
        this.conversation.value = add_later(this.conversation.value, page);
        full = page.full;
      }
      await this.read_notes();
    } catch (error) {
      this.fail(error);
    } finally {
      this.catching_up.value = false;
    }
  }

  private async read_head(): Promise<void> {
    const { streamCursor, ...session } = await this.source.head(this.aborter.signal);
    if (this.conversation.value) this.conversation.value = add_snapshot(this.conversation.value, session, streamCursor);
  }

  private async read_notes(): Promise<void> {
    const { notes } = await this.source.notes(this.aborter.signal);
    if (this.conversation.value) this.conversation.value = add_notes(this.conversation.value, notes);
  }

  private fail(error: unknown): void {
    if (this.aborter.signal.aborted || needs_sign_in(error)) return;
    this.failure.value = failure_of(error);
  }
}
