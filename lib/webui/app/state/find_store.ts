import { batch, signal } from "@preact/signals";
import { ApiError, find_in_session } from "../api/client";
import type { Conversation } from "../core/conversation";
import { failure_of } from "./failure";

const k_debounce_ms = 200;

/** The hits of a text in all messages of a session, one after the other. */
export class FindStore {
  readonly text = signal("");
  /** Message numbers, one for each message that has the text. */
  readonly hits = signal<readonly number[]>([]);
  /** Index into `hits`; -1: none. */
  readonly at = signal(-1);
  readonly note = signal("");

  private aborter = new AbortController();
  private timer: number | undefined;

  constructor(
    private readonly id: string,
    private readonly conversation: () => Conversation | null,
    private readonly show: (sequence: number) => void,
  ) {}

  /** `near`: the message that the reader looks at; the first hit is the next one from there. */
  search(text: string, near: number): void {
    this.text.value = text;
    this.aborter.abort();
    clearTimeout(this.timer);
    if (text === "") return this.take([], near, "");
    this.timer = setTimeout(() => void this.ask(text, near), k_debounce_ms);
  }

  step(by: 1 | -1): void {
    const { length } = this.hits.value;
    if (length === 0) return;
    this.at.value = (this.at.value + by + length) % length;
    this.show(this.hits.value[this.at.value]!);
  }

  close(): void {
    clearTimeout(this.timer);
    this.aborter.abort();
  }

  private async ask(text: string, near: number): Promise<void> {
    this.aborter = new AbortController();
    const { signal: ended } = this.aborter;
    try {
      const { hits } = await find_in_session(this.id, text, ended);
      this.take(hits.map(({ sequenceNumber }) => sequenceNumber), near, "");
    } catch (error) {
      if (ended.aborted) return;
      const is_missing = error instanceof ApiError && error.status === 404;
      this.take(is_missing ? this.find_here(text) : [], near, is_missing ? "in the loaded messages" : failure_of(error).text);
    }
  }

  /** A server that cannot look into its messages: those at hand. */
  private find_here(text: string): number[] {
    const wanted = text.toLowerCase();
    const messages = this.conversation()?.messages ?? [];
    return messages.filter(({ content }) => content.toLowerCase().includes(wanted)).map(({ sequenceNumber }) => sequenceNumber);
  }

  private take(hits: readonly number[], near: number, note: string): void {
    const next = hits.findIndex((sequence) => sequence >= near);
    batch(() => {
      this.hits.value = hits;
      this.at.value = hits.length === 0 ? -1 : Math.max(0, next);
      this.note.value = note;
    });
    if (hits.length > 0) this.show(hits[this.at.value]!);
  }
}
