import { useLayoutEffect, useRef } from "preact/hooks";
import { count } from "../../core/format";
import type { FindStore } from "../../state/find_store";
import { Button } from "../button";

interface Props {
  store: FindStore;
  /** The message at the top of the sight, where looking begins. */
  near: number;
  typed(text: string): void;
  close(): void;
}

function Tally({ store }: { store: FindStore }) {
  const { length } = store.hits.value;
  if (store.text.value === "") return null;
  const words = length === 0 ? "No hit" : `${count(store.at.value + 1)} of ${count(length)}`;
  return (
    <span class="quiet find-tally" role="status">
      {words} {store.note.value}
    </span>
  );
}

/** Looks through all messages, not only those that are drawn. */
export function FindBar({ store, near, typed, close }: Props) {
  const input = useRef<HTMLInputElement>(null);
  // Before the next key: what is typed on belongs here.
  useLayoutEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);
  const on_key = (event: KeyboardEvent) => {
    if (event.key === "Enter") store.step(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const on_input = (text: string) => {
    store.search(text, near);
    typed(text);
  };
  return (
    <div class="find-bar" role="search" aria-label="Find in this session" onKeyDown={on_key}>
      <input
        ref={input}
        type="search"
        aria-label="Find in all messages"
        placeholder="Find in all messages"
        autocomplete="off"
        maxLength={500}
        value={store.text.value}
        onInput={(event) => on_input(event.currentTarget.value)}
      />
      <Tally store={store} />
      <Button icon="up" kind="quiet" label="Previous hit" keys="N" onClick={() => store.step(-1)} />
      <Button icon="down" kind="quiet" label="Next hit" keys="n" onClick={() => store.step(1)} />
      <Button icon="close" kind="quiet" label="Close" keys="Esc" onClick={close} />
    </div>
  );
}
