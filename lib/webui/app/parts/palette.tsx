import { useEffect, useRef, useState } from "preact/hooks";
import type { Session, SessionList } from "../api/types";
import { session_path } from "../core/routes";
import { layers } from "../state/commands";
import { useResource } from "../state/resource";
import { navigate } from "../state/router";
import { Dialog } from "./dialog";
import { Keys } from "./help";
import { session_name } from "./session_facts";
import { StatusMark } from "./status";

interface Entry {
  key: string;
  title: string;
  keys?: readonly string[];
  session?: Session;
  run(): void;
}

const k_debounce_ms = 150;
const k_sessions = 8;

function useLate(text: string): string {
  const [late, set_late] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => set_late(text), k_debounce_ms);
    return () => clearTimeout(timer);
  }, [text]);
  return late;
}

function command_entries(wanted: string): Entry[] {
  return layers.value
    .flatMap(({ commands }) => commands)
    .filter((command) => !command.keys_only && command.title.toLowerCase().includes(wanted))
    .map((command) => ({ key: `c ${command.title}`, ...command }));
}

function useSessions(text: string): Entry[] {
  const query = new URLSearchParams({ limit: String(k_sessions), ...(text ? { search: text } : {}) });
  const { data } = useResource<SessionList>(`/api/sessions?${query}`);
  return (data?.sessions ?? []).map((session) => ({
    key: `s ${session.id}`,
    title: session_name(session),
    session,
    run: () => navigate(session_path(session.id)),
  }));
}

/** Sessions by name and everything that can be done here, by typing; `typed`: what it begins with. */
export function Palette({ close, typed }: { close(): void; typed: string }) {
  const [text, set_text] = useState(typed);
  const [chosen, set_chosen] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const sessions = useSessions(useLate(text.trim()));
  const entries = [...command_entries(text.trim().toLowerCase()), ...sessions];
  const at = Math.min(chosen, entries.length - 1);
  useEffect(() => list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" }), [at]);

  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    close();
    // The dialog gives the focus back first.
    setTimeout(entry.run);
  };
  const on_key = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) set_chosen((at + step + entries.length) % Math.max(1, entries.length));
    else if (event.key === "Enter") run(entries[at]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title="Search and commands" close={close} untitled>
      <input
        class="palette-input"
        type="search"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={entries[at] ? `palette-${at}` : undefined}
        aria-label="Session or command"
        placeholder="Session or command"
        autofocus
        value={text}
        onInput={(event) => {
          set_text(event.currentTarget.value);
          set_chosen(0);
        }}
        onKeyDown={on_key}
      />
      <ul class="palette-list" id="palette-list" role="listbox" aria-label="Matches" ref={list}>
        {entries.map((entry, i) => (
          <li key={entry.key} id={`palette-${i}`} role="option" aria-selected={i === at} onClick={() => run(entry)}>
            <span class="palette-title">{entry.title}</span>
            {entry.session && <StatusMark of={entry.session} />}
            {entry.keys && <Keys keys={entry.keys.slice(0, 1)} />}
          </li>
        ))}
      </ul>
      {entries.length === 0 && <p class="quiet palette-none">Nothing matches.</p>}
    </Dialog>
  );
}
