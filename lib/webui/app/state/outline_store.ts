import { signal } from "@preact/signals";
import { ApiError, get_outline } from "../api/client";
import type { Message, OutlineItem } from "../api/types";
import type { Conversation } from "../core/conversation";
import { first_line } from "../core/pieces";

const k_page = 5_000;

function item_of(message: Message): OutlineItem {
  const { sequenceNumber, agentId, agentName, agentType, role, timestamp, totalTokens, cost, duration } = message;
  const head = first_line(message.content).slice(0, 80);
  return { sequenceNumber, messageId: message.id, agentId, agentName, agentType, role, timestamp, totalTokens, cost, duration, error: false, head };
}

/** Every message of a session in one line: from the server, and from what came since. */
export class OutlineStore {
  readonly items = signal<readonly OutlineItem[]>([]);
  /** Whether `items` are all there are; false where the server has no outline: then it is what was loaded. */
  readonly is_whole = signal(false);

  private readonly aborter = new AbortController();

  constructor(private readonly id: string) {
    void this.load();
  }

  close(): void {
    this.aborter.abort();
  }

  /** Takes over messages that the outline does not have yet. */
  add(conversation: Conversation): void {
    const known = this.items.value;
    const after = known[known.length - 1]?.sequenceNumber ?? 0;
    const { messages } = conversation;
    if (!this.is_whole.value) {
      if (messages.length !== known.length) this.items.value = messages.map(item_of);
      return;
    }
    let start = messages.length;
    while (start > 0 && messages[start - 1]!.sequenceNumber > after) start--;
    if (start < messages.length) this.items.value = [...known, ...messages.slice(start).map(item_of)];
  }

  private async load(): Promise<void> {
    try {
      const items: OutlineItem[] = [];
      for (let after = 0; ; after = items[items.length - 1]!.sequenceNumber) {
        const page = await get_outline(this.id, after, k_page, this.aborter.signal);
        items.push(...page.items);
        if (page.items.length < k_page) break;
      }
      const newer = this.items.value.filter(({ sequenceNumber }) => sequenceNumber > (items[items.length - 1]?.sequenceNumber ?? 0));
      this.items.value = [...items, ...newer];
      this.is_whole.value = true;
    } catch (error) {
      // Without an outline of the server the messages at hand make one.
      if (!(error instanceof ApiError) && !this.aborter.signal.aborted) throw error;
    }
  }
}
