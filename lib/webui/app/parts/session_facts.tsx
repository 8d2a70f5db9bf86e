import type { Session } from "../api/types";
import { duration, ticking } from "../core/format";
import { reveal } from "../core/unicode";
import { now } from "../state/clock";

const k_longest_name = 120;

/** The session's name, else the first line of its prompt, else its id. */
export function session_name(session: Session): string {
  const first_line = (session.initialPrompt ?? "").split("\n").find((line) => line.trim() !== "");
  const name = reveal((session.name || first_line || session.id).trim());
  return name.length > k_longest_name ? `${name.slice(0, k_longest_name)}…` : name;
}

const k_longest_excerpt = 240;

/** What the prompt says beyond the name, in one line. A name is often the prompt's own beginning. */
export function prompt_excerpt(session: Session): string {
  const lines = (session.initialPrompt ?? "").split("\n").map((line) => line.trim()).filter(Boolean);
  const named_after_it = !session.name || lines[0]?.startsWith(session.name.replace(/…$/, "").trim());
  return reveal((named_after_it ? lines.slice(1) : lines).join(" ").slice(0, k_longest_excerpt));
}

/** How long it took, or how long it has been going on. */
export function Duration({ session }: { session: Session }) {
  if (session.status === "ACTIVE") return <>{ticking(now.value - Date.parse(session.startedAt))}</>;
  const span = session.completedAt ? Date.parse(session.completedAt) - Date.parse(session.startedAt) : null;
  return <>{duration(session.totalDuration || span)}</>;
}
