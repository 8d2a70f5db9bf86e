import { useEffect, useRef } from "preact/hooks";
import { returning } from "../state/router";

let pages = 0;

function focus_heading(): void {
  if (pages > 1 && !returning.value?.focus) document.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
}

/** A new page is announced by its heading: focus goes there, as it does when a browser loads one. */
export function useHeadingFocus(path: string, is_ready: boolean): void {
  const told = useRef("");
  useEffect(() => {
    if (!is_ready || told.current === path) return;
    told.current = path;
    pages++;
    focus_heading();
  }, [path, is_ready]);
}

/** The same once what a page shows has come, and its heading is another one. */
export function useNewHeading(): void {
  useEffect(() => {
    if (document.activeElement === document.body) focus_heading();
  }, []);
}
