import { relative } from "../core/format";
import { now } from "../state/clock";
import { settings } from "../state/settings";
import { times } from "../state/times";

/** How long ago, or when, as the reader wants it in lists. */
export function RelativeTime({ iso }: { iso: string }) {
  const exact = times.value.exact(iso);
  return (
    <time dateTime={iso} title={exact}>
      {settings.value.times === "absolute" ? exact : relative(iso, now.value)}
    </time>
  );
}

export function ClockTime({ iso }: { iso: string }) {
  const { exact, clock } = times.value;
  return (
    <time dateTime={iso} title={exact(iso)}>
      {clock(iso)}
    </time>
  );
}
