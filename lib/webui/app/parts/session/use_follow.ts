import { useEffect, useRef } from "preact/hooks";
import { hold_mark, type Conversation } from "../../core/conversation";
import { k_reading_keys, step, type Follow, type FollowEvent } from "../../core/follow";
import { is_over } from "../../core/live_session";
import type { Virtual } from "./virtual";

interface Subject {
  conversation: Conversation;
  follow: Follow;
  set_follow(next: Follow): void;
}

const k_fields = "input, select, textarea";

/** Watches the scroller for signs that the reader wants to read. `on_touch`: the reader does anything at all to it. */
export function useFollow(subject: Subject, virtual: Virtual, element: () => HTMLElement | null, on_touch: () => void) {
  const last_top = useRef(0);
  const latest = useRef(subject);
  latest.current = subject;
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
      return !is_over(live.session) && !has_later;
    };
    const on_scroll = () => {
      const { scrollTop, scrollHeight, clientHeight } = scroller;
      const from = last_top.current;
      last_top.current = scrollTop;
      const ours = Math.abs(scrollTop - virtual.own_top.current) < 1;
      if (scrollTop < from || may_resume()) {
        const newest = hold_mark(latest.current.conversation);
        send({ kind: "scrolled", from, to: scrollTop, end: scrollHeight - clientHeight, ours, newest });
      }
    };
    const on_wheel = (event: WheelEvent) => {
      on_touch();
      if (event.deltaY < 0) read();
    };
    let finger = 0;
    const on_touch_start = (event: TouchEvent) => (finger = event.touches[0]?.clientY ?? 0);
    const on_touch_move = (event: TouchEvent) => {
      on_touch();
      if ((event.touches[0]?.clientY ?? 0) > finger) read();
    };
    const on_focus = (event: FocusEvent) => event.target !== scroller && read();
    const on_selection = () => {
      const selection = getSelection();
      if (selection && !selection.isCollapsed && scroller.contains(selection.anchorNode)) read();
    };
    const on_key = (event: KeyboardEvent) => {
      const in_field = event.target instanceof Element && event.target.closest(k_fields) !== null;
      if (in_field || event.ctrlKey || event.metaKey || event.altKey) return;
      on_touch();
      if (k_reading_keys.has(event.key)) read();
    };
    scroller.addEventListener("scroll", on_scroll, { passive: true });
    scroller.addEventListener("wheel", on_wheel, { passive: true });
    scroller.addEventListener("pointerdown", on_touch);
    scroller.addEventListener("touchstart", on_touch_start, { passive: true });
    scroller.addEventListener("touchmove", on_touch_move, { passive: true });
    scroller.addEventListener("focusin", on_focus);
    document.addEventListener("selectionchange", on_selection);
    document.addEventListener("keydown", on_key, true);
    return () => {
      document.removeEventListener("selectionchange", on_selection);
      document.removeEventListener("keydown", on_key, true);
    };
  }, []);

  return send;
}
