// What the address of a session's page says beside which session it is. Defaults are left out of it.

import { k_densities, type Density } from "./density";

export const k_panels = ["overview", "charts", "participants", "system"] as const;
export type PanelName = (typeof k_panels)[number];

export interface SessionView {
  /** Agent ids; empty: all. */
  agents: readonly string[];
  find: string;
  /** Null: as the reader chose it before. */
  density: Density | null;
  panel: PanelName | null;
  plain: boolean;
  follow: boolean;
  /** Replay from this second on; null: no replay. */
  t: number | null;
  speed: number;
}

export const k_speeds = [1, 2, 4, 8, 16] as const;

const one_of = <T extends string>(values: readonly T[], given: string | null): T | null => values.find((value) => value === given) ?? null;

export function parse_session_view(search: string): SessionView {
  const params = new URLSearchParams(search);
  const t = params.get("t");
  const speed = Number(params.get("speed"));
  return {
    agents: (params.get("agent") ?? "").split(",").filter(Boolean),
    find: (params.get("find") ?? "").slice(0, 500),
    density: one_of(k_densities, params.get("density")),
    panel: one_of(k_panels, params.get("panel")),
    plain: params.get("view") === "plain",
    follow: params.get("follow") !== "0",
    t: t !== null && /^\d{1,8}$/.test(t) ? Number(t) : null,
    speed: k_speeds.find((known) => known === speed) ?? 1,
  };
}

export function format_session_view(view: SessionView): string {
  const params = new URLSearchParams();
  const set = (name: string, value: string) => value !== "" && params.set(name, value);
  set("agent", view.agents.join(","));
  set("find", view.find);
  set("density", view.density ?? "");
  set("panel", view.panel ?? "");
  set("view", view.plain ? "plain" : "");
  set("follow", view.follow ? "" : "0");
  set("t", view.t === null ? "" : String(view.t));
  set("speed", view.speed === 1 ? "" : String(view.speed));
  const text = params.toString();
  return text ? `?${text}` : "";
}
