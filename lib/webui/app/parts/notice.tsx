import type { ComponentChildren } from "preact";
import type { Failure } from "../state/failure";
import { times } from "../state/times";

/** What failed, what can be done, and since when the data shown is old. */
export function FailureBox({ failure, stale_since, retry }: { failure: Failure; stale_since: number | null; retry: () => void }) {
  return (
    <div class="box bad" role="alert">
      <p>
        <strong>{failure.text}</strong>
        {failure.detail && <span class="quiet"> {failure.detail}</span>}
      </p>
      {stale_since !== null && <p class="quiet">Shown is what was known as of {times.value.clock(new Date(stale_since).toISOString())}.</p>}
      <button type="button" onClick={retry}>
        Retry
      </button>
    </div>
  );
}

export function EmptyBox({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}
