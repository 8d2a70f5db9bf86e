// Many subscriptions, one connection. A browser allows six connections to a server; every tab with one of its own
// would soon leave none for requests.

import { earlier, is_covered, parse_cursor } from "./cursor";
import { conversation_id, type StreamEvent } from "./events";
import type { Stream, StreamRequest, StreamState, Subscription } from "./stream";

interface Member {
  request: StreamRequest;
  /** What it has seen. */
  cursor: string | null;
}

interface Line {
  subscription: Subscription;
  conversation: string | null;
  /** `recent` holds all that came after this place; null: it is not known which place that is. */
  start: string | null;
}

// For those who come with a cursor that is a little older than the connection: a page read a moment ago.
const k_recent = 2_000;
// From one page to the next nobody listens for a moment.
const k_linger_ms = 3_000;

/** The one conversation that all of them want, or null for all conversations. */
function common_conversation(members: Iterable<Member>): string | null {
  const wanted = new Set([...members].map(({ request }) => request.conversation));
  return wanted.size === 1 ? [...wanted][0]! : null;
}

const is_for = (request: StreamRequest, event: StreamEvent): boolean =>
  request.conversation === null || request.conversation === conversation_id(event);

export class Switchboard implements Stream {
  private readonly members = new Set<Member>();
  private line: Line | null = null;
  private state: StreamState = { kind: "connecting" };
  private recent: StreamEvent[] = [];
  private linger: number | undefined;

  constructor(private readonly source: Stream) {}

  subscribe(request: StreamRequest): Subscription {
    const member: Member = { request, cursor: request.cursor };
    this.members.add(member);
    clearTimeout(this.linger);
    if (this.line && this.serves(this.line, member)) this.catch_up(member);
    else this.connect();
    return { retry_now: () => this.line?.subscription.retry_now(), close: () => this.leave(member) };
  }

  private serves(line: Line, { request, cursor }: Member): boolean {
    if (line.conversation !== null && line.conversation !== request.conversation) return false;
    if (cursor === null) return true;
    const [start, wanted] = [parse_cursor(line.start), parse_cursor(cursor)];
    return start !== null && wanted !== null && start.epoch === wanted.epoch && start.n <= wanted.n;
  }

  private catch_up(member: Member): void {
    member.request.on_state(this.state);
    if (member.cursor === null) return;
    for (const event of this.recent) this.hand_over(member, event);
  }

  private hand_over(member: Member, event: StreamEvent): void {
    if (event.id !== null && is_covered(event.id, member.cursor)) return;
    if (event.id !== null) member.cursor = event.id;
    if (is_for(member.request, event)) member.request.on_event(event);
  }

  private connect(): void {
    this.line?.subscription.close();
    this.recent = [];
    const cursor = [...this.members].map((member) => member.cursor).reduce(earlier);
    const conversation = common_conversation(this.members);
    const line: Line = { conversation, start: cursor, subscription: { retry_now: () => undefined, close: () => undefined } };
    this.line = line;
    line.subscription = this.source.subscribe({
      conversation,
      cursor,
      on_event: (event) => this.take(event),
      on_state: (state) => this.tell(state),
      on_reset: () => this.reset(),
      may_retry: () => this.ask(),
    });
  }

  private take(event: StreamEvent): void {
    if (event.id !== null) {
      this.recent.push(event);
      if (this.recent.length > k_recent) this.line!.start = this.recent.shift()!.id;
    }
    for (const member of [...this.members]) this.hand_over(member, event);
  }

  private tell(state: StreamState): void {
    this.state = state;
    for (const { request } of [...this.members]) request.on_state(state);
  }

  /** Between what was seen and what comes now something is missing. */
  private reset(): void {
    this.recent = [];
    this.line!.start = null;
    for (const member of [...this.members]) {
      member.cursor = null;
      member.request.on_reset();
    }
  }

  /** Whose session is gone leaves; as long as one stays, it is worth trying. */
  private async ask(): Promise<boolean> {
    const asked = [...this.members];
    const answers = await Promise.all(asked.map(({ request }) => request.may_retry()));
    asked.forEach((member, i) => answers[i] || this.members.delete(member));
    if (this.members.size > 0) return true;
    this.line = null;
    return false;
  }

  private leave(member: Member): void {
    if (!this.members.delete(member) || this.members.size > 0) return;
    clearTimeout(this.linger);
    this.linger = setTimeout(() => this.hang_up(), k_linger_ms);
  }

  private hang_up(): void {
    this.line?.subscription.close();
    this.line = null;
    this.recent = [];
  }
}
