import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { Agent } from "../../core/agents";
import { k_most_held, newest, type Conversation } from "../../core/conversation";
import type { Density } from "../../core/density";
import { count, plural } from "../../core/format";
import type { Follow } from "../../core/follow";
import { held_back, next_rows, type Drawn, type Row } from "../../core/rows";
import type { Span } from "../../core/url";
import { settings } from "../../state/settings";
import { mark_found } from "./marks";
import { TranscriptRow } from "./row";
import { useFollow } from "./use_follow";
import { useVirtual, type Virtual } from "./virtual";

// What lies beside the transcript follows it at this pace: drawing it is dearer than a row.
const k_sight_ms = 120;
// Pages are asked for this many viewports before the reader gets to the end of the one that is there.
const k_prefetch_viewports = 2;

/** Where the reader is to be brought; a new object is a new wish. */
export interface Aim {
  span: Span;
  focus: boolean;
}

/** The first and the last message in sight; 0 where there is none. */
export type Sight = Span;

interface Props {
  conversation: Conversation;
  agents: readonly Agent[];
  shown_agents: readonly string[];
  density: Density;
  /** The text that is looked for. */
  find: string;
  aim: Aim | null;
  follow: Follow;
  /** Above the first message after this one stands "New". */
  new_after: number;
  /** The conversation is played: its end is where `follow` holds the rest back. */
  replays: boolean;
  set_follow(next: Follow): void;
  set_sight(sight: Sight): void;
  load_earlier(): void;
  load_later(): void;
  resume(): void;
}

const sequence_of = (row: Row | undefined): number | null => (row?.kind === "message" ? row.message.sequenceNumber : null);

/** Puts the scroller at a place, and remembers that it was us. */
function scroll_own(virtual: Virtual, element: HTMLElement, top: number): void {
  element.scrollTop = top;
  virtual.own_top.current = element.scrollTop;
}

interface Anchor {
  key: string;
  /** How far the scroller is below the start of the row. */
  offset: number;
}

/** The row that has to stay where it is, until the reader moves. */
function useAnchor(virtual: Virtual, element: () => HTMLElement | null, rows: readonly Row[], pinned: boolean, density: Density) {
  const held = useRef<Anchor | null>(null);
  const before = useRef<(Anchor & { first: string | undefined }) | null>(null);
  const place = (anchor: Anchor) => {
    const index = rows.findIndex((row) => row.key === anchor.key);
    const start = index < 0 ? undefined : virtual.list.getOffsetForIndex(index, "start")?.[0];
    if (start !== undefined) scroll_own(virtual, element()!, start + anchor.offset);
    return start !== undefined;
  };
  // Asking where the end is makes the browser lay everything out: it is asked only when the end has moved.
  const pinned_to = useRef("");
  const pin = (scroller: HTMLElement) => {
    // The height that was drawn: rows that were measured since have not made the page longer yet.
    const drawn_height = (scroller.firstElementChild as HTMLElement).style.height;
    const drawn = virtual.list.getVirtualItems();
    const end = `${drawn_height} ${virtual.list.scrollRect?.height} ${String(drawn[drawn.length - 1]?.key)}`;
    if (end === pinned_to.current) return;
    pinned_to.current = end;
    scroll_own(virtual, scroller, scroller.scrollHeight);
  };
  // Another density: every height is another one, and none is known yet.
  const drawn = useRef(density);
  useLayoutEffect(() => {
    if (drawn.current === density) return;
    drawn.current = density;
    if (!pinned && before.current) held.current = before.current;
    virtual.list.measure();
  }, [density]);
  useLayoutEffect(() => {
    const known = before.current;
    if (known && !pinned && !held.current && known.first !== rows[0]?.key) place(known);
  }, [rows]);
  useLayoutEffect(() => {
    const scroller = element();
    if (!scroller) return;
    if (pinned) pin(scroller);
    else {
      pinned_to.current = "";
      if (held.current) place(held.current);
    }
    const offset = pinned ? virtual.own_top.current : scroller.scrollTop;
    // "Loading …" goes when the page has come: it cannot be what is held.
    const top = virtual.list.getVirtualItems().find((item) => item.end > offset && rows[item.index]?.kind !== "earlier");
    before.current = top ? { first: rows[0]?.key, key: String(top.key), offset: offset - top.start } : null;
  });
  return held;
}

/** The wish to be at a message: the row is held at the top as soon as it is there, until the reader moves. */
function useAim(aim: Aim | null, rows: readonly Row[], held: { current: Anchor | null }, element: () => HTMLElement | null): void {
  const done = useRef<Aim | null>(null);
  const to_focus = useRef<number | null>(null);
  const key = useMemo(() => aim && rows.find((row) => sequence_of(row) === aim.span.first)?.key, [rows, aim]);
  if (aim && aim !== done.current && key) {
    done.current = aim;
    held.current = { key, offset: -8 };
    to_focus.current = aim.focus ? aim.span.first : null;
  }
  useLayoutEffect(() => {
    if (to_focus.current === null) return;
    const row = element()?.querySelector<HTMLElement>(`#m-${to_focus.current}`);
    if (!row) return;
    to_focus.current = null;
    row.focus({ preventScroll: true });
  });
}

/** What is in sight, told when it changes. */
function useSight(virtual: Virtual, element: () => HTMLElement | null, rows: readonly Row[], set_sight: (sight: Sight) => void): void {
  const told = useRef<Sight>({ first: 0, last: 0 });
  const timer = useRef<number | undefined>(undefined);
  const latest = useRef(() => {});
  latest.current = () => {
    timer.current = undefined;
    const scroller = element();
    if (!scroller) return;
    const [top, bottom] = [scroller.scrollTop, scroller.scrollTop + scroller.clientHeight];
    const seen = virtual.list
      .getVirtualItems()
      .filter((item) => item.end > top + 8 && item.start < bottom)
      .map((item) => sequence_of(rows[item.index]))
      .filter((sequence) => sequence !== null);
    const sight = { first: seen[0] ?? 0, last: seen[seen.length - 1] ?? 0 };
    if (sight.first === told.current.first && sight.last === told.current.last) return;
    told.current = sight;
    set_sight(sight);
  };
  useEffect(() => void (timer.current ??= setTimeout(() => latest.current(), k_sight_ms)));
  useEffect(() => () => clearTimeout(timer.current), []);
}

function row_class(sequence: number | null, aim: Aim | null): string {
  const aimed = sequence !== null && aim !== null && sequence >= aim.span.first && sequence <= aim.span.last;
  return aimed ? "row aimed" : "row";
}

/** The messages of a session with all that lies between them, in a scroller of its own. */
export function Transcript(props: Props) {
  const { conversation, agents, shown_agents, density, find, aim, follow, new_after, replays } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const element = () => scroller.current;
  const { zone } = settings.value;
  const shown = useMemo(
    () => ({ held_after: follow.held_after, agents: shown_agents, new_after, zone }),
    [follow.held_after, shown_agents, new_after, zone],
  );
  const drawn = useRef<Drawn | null>(null);
  const rows = useMemo(() => next_rows(drawn.current, conversation, shown), [conversation, shown]);
  drawn.current = { conversation, shown, rows };
  const virtual = useVirtual(scroller, rows, density);
  const items = virtual.list.getVirtualItems();
  const is_pinned = follow.mode === "following" && (replays || !conversation.has_later);
  const held_row = useAnchor(virtual, element, rows, is_pinned, density);
  useAim(aim, rows, held_row, element);
  useFollow(props, virtual, element, () => (held_row.current = null));
  useSight(virtual, element, rows, props.set_sight);
  useEffect(() => mark_found(scroller.current!, find));
  useEffect(() => () => mark_found(document.body, ""), []);

  const first = items[0];
  const last = items[items.length - 1];
  const view = virtual.list.scrollRect?.height ?? 0;
  const top = virtual.list.scrollOffset ?? 0;
  const near_start = first !== undefined && top < view * k_prefetch_viewports;
  const near_end = last !== undefined && virtual.list.getTotalSize() - top - view < view * k_prefetch_viewports;
  const is_held = newest(conversation) > follow.held_after;
  const loads_earlier = conversation.has_earlier && near_start;
  const loads_later = conversation.has_later && near_end && !is_held;
  useEffect(() => {
    if (loads_earlier) props.load_earlier();
  }, [conversation, loads_earlier]);
  useEffect(() => {
    if (loads_later) props.load_later();
  }, [conversation, loads_later]);

  const held = held_back(conversation, replays ? Infinity : follow.held_after);
  return (
    <div class={`transcript ${density}${settings.value.wrap_code ? " wrap-code" : ""}`}>
      <div
        ref={scroller}
        class="scroller"
        id="main"
        role="feed"
        aria-label="Messages"
        aria-busy={loads_earlier || loads_later}
        tabIndex={0}
      >
        <div class="rows" style={{ height: `${virtual.list.getTotalSize()}px` }}>
          {items.map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            const number = sequence_of(row);
            return (
              <article
                key={row.key}
                ref={virtual.list.measureElement}
                data-index={item.index}
                data-row={row.kind}
                id={number === null ? undefined : `m-${number}`}
                class={row_class(number, aim)}
                tabIndex={-1}
                aria-posinset={item.index + 1}
                aria-setsize={rows.length}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <TranscriptRow row={row} agents={agents} density={density} />
              </article>
            );
          })}
        </div>
      </div>
      {held.messages > 0 && (
        <button type="button" class="pill" onClick={props.resume}>
          ↓ {held.messages < k_most_held ? plural(held.messages, "new message") : `More than ${count(k_most_held)} new messages`}
          {held.errors > 0 && ` · ${plural(held.errors, "error")}`}
        </button>
      )}
    </div>
  );
}
