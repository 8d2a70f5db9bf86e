import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { FindStore } from "../../state/find_store";
import type { SessionStore } from "../../state/session_store";
import type { Sight } from "./transcript";
import type { Following } from "./use_following";
import type { Jump } from "./use_jump";

export interface Finder {
  store: FindStore;
  is_open: boolean;
  open(): void;
  close(): void;
}

interface Subject {
  id: string;
  store: SessionStore;
  sight: Sight;
  following: Following;
  jump: Jump;
  /** The text that the address asks for. */
  text: string;
  forget(): void;
}

/** Finding in all messages; closing it gives back the place where the reader was. */
export function useFinder({ id, store, sight, following, jump, text, forget }: Subject): Finder {
  const latest = useRef(jump);
  latest.current = jump;
  const find = useMemo(() => new FindStore(id, () => store.conversation.peek(), (sequence) => latest.current(sequence)), [id]);
  const [is_open, set_open] = useState(text !== "");
  const before = useRef({ sequence: 0, follows: false });
  useEffect(() => {
    if (text !== "") find.search(text, sight.first);
    return () => find.close();
  }, [find]);
  const open = () => {
    if (!is_open) before.current = { sequence: sight.first, follows: following.follows };
    following.pause();
    set_open(true);
  };
  const close = () => {
    set_open(false);
    find.search("", 0);
    forget();
    const { sequence, follows } = before.current;
    if (follows) following.resume();
    else if (sequence > 0) jump(sequence);
    document.getElementById("main")?.focus({ preventScroll: true });
  };
  return { store: find, is_open, open, close };
}
