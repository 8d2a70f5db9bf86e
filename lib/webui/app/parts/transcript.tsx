import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { Agent } from "../core/agents";
import { hold_mark, type Conversation } from "../core/conversation";
import { plural } from "../core/format";
import { following, k_reading_keys, step, type Follow, type FollowEvent } from "../core/follow";
import { held_back, rows_of, type Row } from "../core/rows";
import { TranscriptRow } from "./row";
import { useVirtual, type Virtual } from "./virtual";

// Pages are asked for this many viewports before the reader gets to the end of the one that is there.
const k_prefetch_viewports = 2;

interface Props {
  conversation: Conversation;
  agents: readonly Agent[];
  /** The message to start at, from the address. */
  sequence: number | null;
  follow: Follow;
  set_follow(next: Follow): void;
  load_earlier(): void;
  load_later(): void;
  /** The end is not loaded: show it. */
  go_to_end(): void;
}

const sequence_of = (row: Row): number | null => (row.kind === "message" ? row.message.sequenceNumber : null);

/** Puts the scroller at a place, and remembers that it was us. */
function scroll_own(virtual: Virtual, element: HTMLElement, top: number): void {
  element.scrollTop = top;
  virtual.own_top.current = element.scrollTop;
}

/** Keeps the row at the top of the viewport where it is when rows are added above it. */
function useAnchor(virtual: Virtual, element: () => HTMLElement | null, rows: readonly Row[], pinned: boolean): void {
  const before = useRef<{ first: string | undefined; key: string; offset: number } | null>(null);
  useLayoutEffect(() => {
    const scroller = element();
    const known = before.current;
    if (scroller && known && !pinned && known.first !== rows[0]?.key) {
      const index = rows.findIndex((row) => row.key === known.key);
      const start = virtual.list.getOffsetForIndex(index, "start")?.[0];
      if (index >= 0 && start !== undefined) scroll_own(virtual, scroller, start + known.offset);
    }
  }, [rows]);
  useLayoutEffect(() => {
    const scroller = element();
    if (!scroller) return;
    // "Loading …" goes when the page has come: it cannot be what is held.
    const top = virtual.list.getVirtualItems().find((item) => item.end > scroller.scrollTop && rows[item.index]?.kind !== "earlier");
    before.current = top ? { first: rows[0]?.key, key: String(top.key), offset: scroller.scrollTop - top.start } : null;
  });
}

/** `on_touch`: the reader does anything at all to the scroller. */
function useFollow(props: Props, virtual: Virtual, element: () => HTMLElement | null, on_touch: () => void) {
  const last_top = useRef(0);
  const latest = useRef(props);
  latest.current = props;
  const send = (event: FollowEvent) => {
    const { follow, set_follow } = latest.current;
    const next = step(follow, event);
    if (next !== follow) set_follow(next);
  };
  const read = () => send({ kind: "read", newest: hold_mark(latest.current.conversation) });

  useEffect(() => {
    const scroller = element()!;
    /** Whether the end of the list is the end of a conversation that goes on. */
    const may_resume = () => {
      const { live, has_later } = latest.current.conversation;
      return live.session.status === "ACTIVE" && !has_later;
    };
    const on_scroll = () => {
      const { scrollTop, scrollHeight, clientHeight } = scroller;
      const from = last_top.current;
      last_top.current = scrollTop;
      const ours = Math.abs(scrollTop - virtual.own_top.current) < 1;
      if (scrollTop < from || may_resume()) {
        send({ kind: "scrolled", from, to: scrollTop, end: scrollHeight - clientHeight, ours, newest: hold_mark(latest.current.conversation) });
      }
    };
    const on_wheel = (event: WheelEvent) => {
      on_touch();
      if (event.deltaY < 0) read();
    };
    let finger = 0;
    const on_touch_start = (event: TouchEvent) => (finger = event.touches[0]?.clientY ?? 0);
    const on_touch_move = (event: TouchEvent) => (event.touches[0]?.clientY ?? 0) > finger && read();
    const on_focus = (event: FocusEvent) => event.target !== scroller && read();
    const on_selection = () => {
      const selection = getSelection();
      if (selection && !selection.isCollapsed && scroller.contains(selection.anchorNode)) read();
    };
    const on_key = (event: KeyboardEvent) => {
      const in_field = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
      if (in_field || event.ctrlKey || event.metaKey || event.altKey) return;
      on_touch();
      if (k_reading_keys.has(event.key)) read();
      if ((event.key === "End" || event.key === "G") && may_resume()) send({ kind: "resume" });
    };
    scroller.addEventListener("scroll", on_scroll, { passive: true });
    scroller.addEventListener("wheel", on_wheel, { passive: true });
    scroller.addEventListener("pointerdown", on_touch);
    scroller.addEventListener("touchstart", on_touch_start, { passive: true });
    scroller.addEventListener("touchmove", on_touch_move, { passive: true });
    scroller.addEventListener("focusin", on_focus);
    document.addEventListener("selectionchange", on_selection);
    document.addEventListener("keydown", on_key);
    return () => {
      document.removeEventListener("selectionchange", on_selection);
      document.removeEventListener("keydown", on_key);
    };
  }, []);

  return send;
}

/** The messages of a session with all that lies between them, in a scroller of its own. */
export function Transcript(props: Props) {
  const { conversation, agents, follow, sequence } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const element = () => scroller.current;
  const rows = useMemo(() => rows_of(conversation, follow.held_after), [conversation, follow.held_after]);
  const keys = useMemo(() => rows.map((row) => row.key), [rows]);
  const virtual = useVirtual(scroller, keys);
  const items = virtual.list.getVirtualItems();
  const is_following = follow.mode === "following" && !conversation.has_later;
  const aim = useRef<number | null>(null);
  useLayoutEffect(() => void (aim.current = sequence), [sequence]);
  const send = useFollow(props, virtual, element, () => (aim.current = null));
  useAnchor(virtual, element, rows, is_following || aim.current !== null);

  // Every draw may have changed heights and places: the end, or the message aimed at, is where it is now.
  useLayoutEffect(() => {
    if (is_following) return scroll_own(virtual, scroller.current!, scroller.current!.scrollHeight);
    if (aim.current === null) return;
    const index = rows.findIndex((row) => sequence_of(row) === aim.current);
    const start = index < 0 ? undefined : virtual.list.getOffsetForIndex(index, "start")?.[0];
    if (start !== undefined) scroll_own(virtual, scroller.current!, start);
  });

  const first = items[0];
  const last = items[items.length - 1];
  const view = virtual.list.scrollRect?.height ?? 0;
  const top = virtual.list.scrollOffset ?? 0;
  const near_start = first !== undefined && top < view * k_prefetch_viewports;
  const near_end = last !== undefined && virtual.list.getTotalSize() - top - view < view * k_prefetch_viewports;
  const loads_earlier = conversation.has_earlier && near_start;
  const loads_later = conversation.has_later && near_end;
  useEffect(() => {
    if (loads_earlier) props.load_earlier();
  }, [conversation, loads_earlier]);
  useEffect(() => {
    if (loads_later) props.load_later();
  }, [conversation, loads_later]);

  const held = held_back(conversation, follow.held_after);
  const resume = () => {
    if (conversation.has_later) props.go_to_end();
    send({ kind: "resume" });
  };
  return (
    <div class="transcript">
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
                class={number !== null && number === sequence ? "row aimed" : "row"}
                aria-posinset={item.index + 1}
                aria-setsize={rows.length}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <TranscriptRow row={row} agents={agents} />
              </article>
            );
          })}
        </div>
      </div>
      {held.messages > 0 && (
        <button type="button" class="pill" onClick={resume}>
          ↓ {plural(held.messages, "new message")}
          {held.errors > 0 && ` · ${plural(held.errors, "error")}`}
        </button>
      )}
    </div>
  );
}

/** A running session is followed; one that has ended is read from where the reader opened it. */
export function first_follow(conversation: Conversation, sequence: number | null): Follow {
  const follows = conversation.live.session.status === "ACTIVE" && sequence === null;
  return follows ? following : { mode: "paused", held_after: Infinity };
}
