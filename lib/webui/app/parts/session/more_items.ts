import { base } from "../../api/base";
import { session_path } from "../../core/routes";
import { format_session_view, type SessionView } from "../../core/session_url";
import { may } from "../../state/rights";
import { copy_text } from "../copy";
import type { MenuItem } from "../menu";
import type { DialogName } from "./dialogs";

export const view_address = (id: string, view: SessionView): string => base + session_path(id) + format_session_view(view);

/** What can be done with a session beside reading it. */
export function more_items(id: string, view: SessionView, ask: (name: DialogName) => void): MenuItem[] {
  const own: MenuItem[] = [
    { text: "Share…", icon: "share", run: () => ask("share") },
    { text: "Delete…", icon: "trash", danger: true, run: () => ask("delete") },
  ];
  const all: MenuItem[] = [
    { text: "Copy link", icon: "link", run: () => void copy_text(location.origin + base + session_path(id)) },
    { text: "Plain view", icon: "file", href: view_address(id, { ...view, plain: true }) },
    { text: "Raw JSON", icon: "tool", href: `${base}/api${session_path(id)}` },
  ];
  return may("admin") ? [...all, ...own] : all;
}
