import type { Conversation } from "../../core/conversation";
import type { OutlineItem } from "../../api/types";
import type { Command } from "../../state/commands";
import { copy_text } from "../copy";
import { message_address } from "./message_row";
import type { Sight } from "./transcript";

interface Subject {
  conversation: Conversation;
  items: readonly OutlineItem[];
  sight: Sight;
  jump(sequence: number, focus?: boolean): void;
  to_start(): void;
  to_end(): void;
}

const focused_row = (): HTMLElement | null => document.activeElement?.closest<HTMLElement>(".scroller [data-index]") ?? null;

/** The message that has the focus, else the first in sight. */
function current(sight: Sight): number {
  const match = /^m-(\d+)$/.exec(focused_row()?.id ?? "");
  return match ? Number(match[1]) : sight.first;
}

function next_in(sequences: readonly number[], from: number, step: 1 | -1): number | undefined {
  return step === 1 ? sequences.find((n) => n > from) : [...sequences].reverse().find((n) => n < from);
}

/** Moving about in the transcript by keys. */
export function move_commands({ conversation, items, sight, jump, to_start, to_end }: Subject): Command[] {
  const numbers = (wanted: (item: OutlineItem) => boolean) => items.filter(wanted).map((item) => item.sequenceNumber);
  const go = (sequences: readonly number[], step: 1 | -1) => {
    const to = next_in(sequences, current(sight), step);
    if (to !== undefined) jump(to, true);
  };
  const by_message = (step: 1 | -1) => {
    if (focused_row()) return go(conversation.messages.map((message) => message.sequenceNumber), step);
    if (sight.first > 0) jump(sight.first, true);
  };
  const by_agent = (step: 1 | -1) => {
    const here = items.find((item) => item.sequenceNumber === current(sight));
    go(numbers((item) => item.agentId === here?.agentId), step);
  };
  const by_error = (step: 1 | -1) => {
    const notes = conversation.notes.filter((note) => note.type === "conversation.error").map((note) => note.afterSequence);
    go([...new Set([...notes, ...numbers((item) => item.error)])].sort((a, b) => a - b), step);
  };
  const fold = () => (focused_row() ?? document.querySelector(".scroller"))?.querySelector<HTMLElement>("[data-fold]")?.click();
  const copy = () => {
    const message = conversation.messages.find((known) => known.sequenceNumber === current(sight));
    if (message) void copy_text(message.content);
  };
  return [
    { title: "Next message", keys: ["j"], run: () => by_message(1), keys_only: true },
    { title: "Previous message", keys: ["k"], run: () => by_message(-1), keys_only: true },
    { title: "Next message of this agent", keys: ["]"], run: () => by_agent(1), keys_only: true },
    { title: "Previous message of this agent", keys: ["["], run: () => by_agent(-1), keys_only: true },
    { title: "Next error", keys: ["e"], run: () => by_error(1), keys_only: true },
    { title: "Previous error", keys: ["E"], run: () => by_error(-1), keys_only: true },
    { title: "First message", keys: ["Home", "g g"], run: to_start },
    { title: "Last message, and follow", keys: ["End", "G"], run: to_end },
    { title: "Open or fold", keys: ["o"], run: fold, keys_only: true },
    { title: "Copy the message", keys: ["c"], run: copy, keys_only: true },
    { title: "Copy a link to the message", keys: ["y"], run: () => void copy_text(message_address(current(sight))), keys_only: true },
  ];
}
