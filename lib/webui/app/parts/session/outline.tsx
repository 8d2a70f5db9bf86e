import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { OutlineItem } from "../../api/types";
import { colour_class, type Agent } from "../../core/agents";
import { compact, cost, count } from "../../core/format";
import { first_line } from "../../core/pieces";
import { reveal } from "../../core/unicode";
import { permalink } from "../../core/url";
import type { Sight } from "./transcript";

// The least height of a target that a finger or a shaky hand can hit.
const k_line_px = 24;
const k_overscan = 10;

type Measure = "tokens" | "cost";
const k_measures: Record<Measure, { of(item: OutlineItem): number; words(item: OutlineItem): string }> = {
  tokens: { of: (item) => item.totalTokens ?? 0, words: (item) => (item.totalTokens === null ? "" : `${compact(item.totalTokens)} tokens`) },
  cost: { of: (item) => item.cost ?? 0, words: (item) => (item.cost === null ? "" : cost(item.cost)) },
};

interface Props {
  items: readonly OutlineItem[];
  is_whole: boolean;
  agents: readonly Agent[];
  shown_agents: readonly string[];
  sight: Sight;
  jump(sequence: number): void;
}

interface LineProps {
  item: OutlineItem;
  top: number;
  /** 0 to 1: its part of the dearest message. */
  share: number;
  measure: Measure;
  colour: string;
  is_seen: boolean;
  jump(sequence: number): void;
}

function Line({ item, top, share, measure, colour, is_seen, jump }: LineProps) {
  const name = item.agentName ?? item.agentType ?? "";
  const click = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    jump(item.sequenceNumber);
  };
  return (
    <li style={{ transform: `translateY(${top}px)` }} class={`outline-line ${colour}${is_seen ? " seen" : ""}`}>
      <a href={permalink(item.sequenceNumber)} tabIndex={is_seen ? 0 : -1} onClick={click} title={`#${item.sequenceNumber} ${reveal(name)} · ${k_measures[measure].words(item)}`}>
        <span class="outline-mark" aria-hidden="true" />
        {item.error && <span class="bad">✕ </span>}
        <span class="outline-head">{reveal(first_line(item.head)) || "…"}</span>
        <span class="outline-bar" aria-hidden="true">
          <span style={{ width: `${Math.round(share * 100)}%` }} />
        </span>
      </a>
    </li>
  );
}

/** Which lines are near the viewport, from the scroller's own place. */
function useWindow(scroller: { current: HTMLElement | null }, total: number): { first: number; last: number } {
  const [place, set_place] = useState({ top: 0, height: 600 });
  useEffect(() => {
    const element = scroller.current!;
    const read = () => set_place({ top: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(read);
    observer.observe(element);
    element.addEventListener("scroll", read, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", read);
    };
  }, []);
  const first = Math.max(0, Math.floor(place.top / k_line_px) - k_overscan);
  return { first, last: Math.min(total, Math.ceil((place.top + place.height) / k_line_px) + k_overscan) };
}

/** Keeps what the transcript shows in sight here as well. */
function useCompany(scroller: { current: HTMLElement | null }, index: number): void {
  useEffect(() => {
    const element = scroller.current;
    if (!element || index < 0) return;
    const top = index * k_line_px;
    const is_near = top >= element.scrollTop && top + k_line_px <= element.scrollTop + element.clientHeight;
    if (!is_near) element.scrollTop = top - element.clientHeight / 3;
  }, [index]);
}

export function Outline({ items, is_whole, agents, shown_agents, sight, jump }: Props) {
  const [measure, set_measure] = useState<Measure>("tokens");
  const scroller = useRef<HTMLDivElement>(null);
  const shown = useMemo(
    () => (shown_agents.length === 0 ? items : items.filter(({ agentId }) => shown_agents.includes(agentId ?? ""))),
    [items, shown_agents],
  );
  const most = useMemo(() => shown.reduce((max, item) => Math.max(max, k_measures[measure].of(item)), 0), [shown, measure]);
  const { first, last } = useWindow(scroller, shown.length);
  useCompany(scroller, shown.findIndex((item) => item.sequenceNumber >= sight.first));
  const colour_of = (item: OutlineItem) => agents.find(({ id }) => id === item.agentId)?.colour ?? colour_class(item.agentType);
  return (
    <nav class="outline" aria-label="Outline">
      <div class="outline-top">
        <span class="quiet" title={is_whole ? undefined : "Of the messages loaded so far"}>
          {count(shown.length)}
          {is_whole ? "" : " loaded"}
        </span>
        <div class="switch" role="group" aria-label="Length of the bars">
          {(["tokens", "cost"] as const).map((name) => (
            <button key={name} type="button" class="button quiet small" aria-pressed={measure === name} onClick={() => set_measure(name)}>
              {name === "tokens" ? "Tokens" : "Cost"}
            </button>
          ))}
        </div>
      </div>
      <div class="outline-scroller" ref={scroller} tabIndex={-1}>
        <ol style={{ height: `${shown.length * k_line_px}px` }}>
          {shown.slice(first, last).map((item, i) => (
            <Line
              key={item.messageId}
              item={item}
              top={(first + i) * k_line_px}
              share={most === 0 ? 0 : k_measures[measure].of(item) / most}
              measure={measure}
              colour={colour_of(item)}
              is_seen={item.sequenceNumber >= sight.first && item.sequenceNumber <= sight.last}
              jump={jump}
            />
          ))}
        </ol>
      </div>
    </nav>
  );
}
