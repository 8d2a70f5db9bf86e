import { clock, exact, relative } from "../core/format";
import { now } from "../state/clock";

export function RelativeTime({ iso }: { iso: string }) {
  return (
    <time dateTime={iso} title={exact(iso)}>
      {relative(iso, now.value)}
    </time>
  );
}

export function ClockTime({ iso }: { iso: string }) {
  return (
    <time dateTime={iso} title={exact(iso)}>
      {clock(iso)}
    </time>
  );
}
