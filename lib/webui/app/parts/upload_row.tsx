import type { OnDuplicate, Problem, StoredSession } from "../api/upload";
import { bytes, plural } from "../core/format";
import { session_path } from "../core/routes";
import { reveal } from "../core/unicode";
import type { Item, ItemState } from "../core/upload_queue";
import { href } from "../state/router";
import { uploads } from "../state/upload_store";
import { Button } from "./button";

const k_results: Record<StoredSession["result"], string> = {
  new: "new",
  grown: "grown",
  unchanged: "stored before",
  conflict: "differs from what is stored",
  replaced: "replaced",
  kept_both: "kept both",
};

const k_states: Record<ItemState["kind"], { glyph: string; word: string; tone: string }> = {
  pending: { glyph: "○", word: "Waiting", tone: "quiet" },
  checking: { glyph: "◔", word: "Checking", tone: "quiet" },
  uploading: { glyph: "◑", word: "Uploading", tone: "info" },
  stored: { glyph: "✓", word: "Stored", tone: "good" },
  duplicate: { glyph: "≡", word: "Already here", tone: "warn" },
  failed: { glyph: "✕", word: "Failed", tone: "bad" },
};

export const k_wishes: readonly { value: OnDuplicate; word: string }[] = [
  { value: "skip", word: "Skip" },
  { value: "keep_both", word: "Keep both" },
  { value: "replace", word: "Replace" },
];

// A file of thousands of sessions or faults names the first ones.
const k_named = 6;

function Sessions({ sessions }: { sessions: readonly StoredSession[] }) {
  return (
    <ul class="upload-sessions">
      {sessions.slice(0, k_named).map(({ conversationId, name, result, messages, added }) => (
        <li key={conversationId}>
          <a href={href(session_path(conversationId))} dir="auto">
            {reveal(name || conversationId)}
          </a>{" "}
          <span class="quiet">
            {k_results[result] ?? result} · {plural(messages, "message")}
            {result === "grown" && `, ${added} added`}
          </span>
        </li>
      ))}
      {sessions.length > k_named && <li class="quiet">and {plural(sessions.length - k_named, "more session")}</li>}
    </ul>
  );
}

function Problems({ problems }: { problems: readonly Problem[] }) {
  return (
    <ul class="upload-problems">
      {problems.slice(0, k_named).map(({ line, reason }, i) => (
        <li key={i}>
          {line !== null && line > 0 && <b>Line {line}: </b>}
          {reveal(reason)}
        </li>
      ))}
      {problems.length > k_named && <li>and {plural(problems.length - k_named, "more problem")}</li>}
    </ul>
  );
}

function Outcome({ state }: { state: ItemState }) {
  if (state.kind === "uploading") return <progress value={state.share} max={1} aria-label="Sent" />;
  if (state.kind === "failed") {
    return (
      <>
        <p>{reveal(state.text)}</p>
        <Problems problems={state.problems} />
      </>
    );
  }
  if (state.kind !== "stored" && state.kind !== "duplicate") return null;
  return (
    <>
      <Sessions sessions={state.sessions} />
      <Problems problems={state.problems} />
    </>
  );
}

function Actions({ item }: { item: Item }) {
  const { id, state, name } = item;
  const of_it = <span class="unseen"> {name}</span>;
  return (
    <>
      {state.kind === "failed" && state.may_retry && (
        <Button label={`Retry ${name}`} icon="retry" onClick={() => uploads.retry(id, item.on_duplicate)}>
          Retry{of_it}
        </Button>
      )}
      {state.kind === "duplicate" &&
        k_wishes.slice(1).map(({ value, word }) => (
          <Button key={value} label={`${word}: ${name}`} onClick={() => uploads.retry(id, value)}>
            {word}
            {of_it}
          </Button>
        ))}
      <Button label={`Remove ${name}`} icon="close" kind="quiet" onClick={() => uploads.remove(id)} />
    </>
  );
}

/** One file of the queue. */
export function UploadRow({ item }: { item: Item }) {
  const { glyph, word, tone } = k_states[item.state.kind];
  const share = item.state.kind === "uploading" ? ` ${Math.round(100 * item.state.share)} %` : "";
  return (
    <li class="upload-row" data-upload={item.state.kind}>
      <span class={`status ${tone}`}>
        <span aria-hidden="true">{glyph}</span> {word}
        {share}
      </span>
      <span class="upload-name">
        <bdi>{reveal(item.name)}</bdi> <span class="quiet small">{bytes(item.size)}</span>
      </span>
      <div class="upload-actions">
        <Actions item={item} />
      </div>
      <div class="upload-outcome">
        <Outcome state={item.state} />
      </div>
    </li>
  );
}
