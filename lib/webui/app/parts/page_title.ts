import { useEffect } from "preact/hooks";

/** A dot before the name tells, also in a row of tabs, that something is going on; a number, how much was not seen. */
export function usePageTitle(name: string, live: boolean, unseen = 0): void {
  useEffect(() => {
    document.title = `${unseen > 0 ? `(${unseen}) ` : ""}${live ? "● " : ""}${name} · agentpipe`;
  }, [name, live, unseen]);
}
