import { change } from "../core/dashboard";

interface Props {
  label: string;
  value: string;
  /** The same figure now and in the period before, to compare. */
  now?: number | null;
  before?: number | null;
  /** Whether more is worse. */
  worse?: boolean;
  href: string;
}

const k_least_percent = 0.5;

function Change({ percent, worse }: { percent: number; worse: boolean }) {
  if (Math.abs(percent) < k_least_percent) return <span class="quiet">as before</span>;
  const tone = worse ? (percent > 0 ? "bad" : "good") : "quiet";
  const amount = Math.abs(percent) >= 1000 ? "×" + Math.round(percent / 100 + 1) : `${Math.round(Math.abs(percent))} %`;
  return (
    <span class={tone}>
      <span aria-hidden="true">{percent > 0 ? "▲" : "▼"}</span> {amount} <span class="unseen">{percent > 0 ? "more" : "less"}</span>
    </span>
  );
}

/** A figure with what it was before; leads to the sessions behind it. */
export function Tile({ label, value, now = null, before = null, worse = false, href }: Props) {
  const percent = change(now, before);
  return (
    <a class="tile" href={href}>
      <span class="tile-label">{label}</span>
      <span class="tile-value">{value}</span>
      <span class="tile-change">{percent !== null && <Change percent={percent} worse={worse} />}</span>
    </a>
  );
}
