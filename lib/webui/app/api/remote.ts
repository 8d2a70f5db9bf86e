// A stream at the other end of a wire: the host holds the connection, the pages of a browser talk to it.

import type { StreamEvent } from "./events";
import type { Stream, StreamRequest, StreamState, Subscription } from "./stream";

/** What a page says. `key` names one of its subscriptions. */
export type ToHost =
  | { kind: "subscribe"; key: string; conversation: string | null; cursor: string | null }
  | { kind: "close"; key: string }
  | { kind: "retry"; key: string }
  | { kind: "may_retry"; key: string; answer: boolean };

/** What the host says. */
export type ToPage =
  | { kind: "event"; key: string; event: StreamEvent }
  | { kind: "state"; key: string; state: StreamState }
  | { kind: "reset"; key: string }
  | { kind: "may_retry"; key: string };

interface Guest {
  subscription: Subscription;
  answer: ((may_retry: boolean) => void) | null;
}

/** The host's end: subscriptions of all pages, by key. */
export class Host {
  private readonly guests = new Map<string, Guest>();

  constructor(private readonly stream: Stream) {}

  /** Takes what a page said; `reply` leads back to it. */
  take(message: ToHost, reply: (message: ToPage) => void): void {
    if (message.kind === "subscribe") return this.welcome(message, reply);
    const guest = this.guests.get(message.key);
    if (!guest) return;
    if (message.kind === "retry") guest.subscription.retry_now();
    if (message.kind === "may_retry") guest.answer?.(message.answer);
    if (message.kind === "close") {
      this.guests.delete(message.key);
      guest.answer?.(false);
      guest.subscription.close();
    }
  }

  private welcome({ key, conversation, cursor }: ToHost & { kind: "subscribe" }, reply: (message: ToPage) => void): void {
    this.guests.get(key)?.subscription.close();
    const guest: Guest = { answer: null, subscription: { retry_now: () => undefined, close: () => undefined } };
    this.guests.set(key, guest);
    guest.subscription = this.stream.subscribe({
      conversation,
      cursor,
      on_event: (event) => reply({ kind: "event", key, event }),
      on_state: (state) => reply({ kind: "state", key, state }),
      on_reset: () => reply({ kind: "reset", key }),
      may_retry: () =>
        new Promise((resolve) => {
          guest.answer = resolve;
          reply({ kind: "may_retry", key });
        }),
    });
  }
}

interface Asked {
  request: StreamRequest;
  cursor: string | null;
}

/** A page's end. */
export class RemoteStream implements Stream {
  private readonly asked = new Map<string, Asked>();
  private count = 0;

  /** `page` is a name that no other page has. */
  constructor(
    private readonly page: string,
    private readonly post: (message: ToHost) => void,
  ) {}

  subscribe(request: StreamRequest): Subscription {
    const key = `${this.page} ${++this.count}`;
    this.asked.set(key, { request, cursor: request.cursor });
    this.post({ kind: "subscribe", key, conversation: request.conversation, cursor: request.cursor });
    return {
      retry_now: () => this.post({ kind: "retry", key }),
      close: () => {
        if (this.asked.delete(key)) this.post({ kind: "close", key });
      },
    };
  }

  take(message: ToPage): void {
    const asked = this.asked.get(message.key);
    if (!asked) return;
    if (message.kind === "state") asked.request.on_state(message.state);
    if (message.kind === "reset") asked.request.on_reset();
    if (message.kind === "may_retry") {
      void asked.request.may_retry().then((answer) => this.post({ kind: "may_retry", key: message.key, answer }));
    }
    if (message.kind === "event") {
      asked.cursor = message.event.id ?? asked.cursor;
      asked.request.on_event(message.event);
    }
  }

  /** The page is put away: nothing is sent to it any more. */
  pause(): void {
    for (const key of this.asked.keys()) this.post({ kind: "close", key });
  }

  /** Another host, or the page is back: goes on where each subscription stopped. */
  resume(): void {
    for (const [key, { request, cursor }] of this.asked) {
      this.post({ kind: "subscribe", key, conversation: request.conversation, cursor });
    }
  }

  /** The page has no network, whatever the host has. */
  lose(): void {
    this.pause();
    for (const { request } of this.asked.values()) request.on_state({ kind: "offline" });
  }

  retry_now(): void {
    for (const key of this.asked.keys()) this.post({ kind: "retry", key });
  }
}
