import { useEffect } from "preact/hooks";

/** A dot before the name tells, also in a row of tabs, that something is going on. */
export function usePageTitle(name: string, live: boolean): void {
  useEffect(() => {
    document.title = `${live ? "● " : ""}${name} · agentpipe`;
  }, [name, live]);
}
