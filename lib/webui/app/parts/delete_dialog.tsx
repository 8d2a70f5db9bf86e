import { useState } from "preact/hooks";
import { delete_sessions } from "../api/client";
import { count, plural } from "../core/format";
import { failure_of } from "../state/failure";
import { Dialog } from "./dialog";

// From here on a slip of the hand costs too much: the number has to be typed.
const k_typed_from = 11;

interface Props {
  ids: readonly string[];
  /** What they are called, when it is one. */
  name?: string;
  close(): void;
  done(): void;
}

/** Asks, then deletes. */
export function DeleteDialog({ ids, name, close, done }: Props) {
  const [problem, set_problem] = useState("");
  const [busy, set_busy] = useState(false);
  const [typed, set_typed] = useState("");
  const needs_number = ids.length >= k_typed_from;
  const is_sure = !needs_number || typed.replace(/[,\s]/g, "") === String(ids.length);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!is_sure) return set_problem(`Type ${count(ids.length)} to confirm.`);
    set_busy(true);
    try {
      await delete_sessions(ids);
      done();
    } catch (error) {
      set_problem(failure_of(error).text);
      set_busy(false);
    }
  };
  return (
    <Dialog title={`Delete ${name ? "this session" : plural(ids.length, "session")}?`} close={close}>
      <form onSubmit={submit}>
        {name && (
          <p>
            <bdi>{name}</bdi>
          </p>
        )}
        <p class="quiet">Messages, notes and totals go with it. This cannot be undone.</p>
        {needs_number && (
          <label class="field">
            <span>
              Type <strong>{count(ids.length)}</strong> to confirm
            </span>
            <input value={typed} onInput={(event) => set_typed(event.currentTarget.value)} inputMode="numeric" autocomplete="off" />
          </label>
        )}
        <p class="field-error" role="alert">
          {problem}
        </p>
        <div class="dialog-foot">
          <button type="button" class="button" onClick={close}>
            Cancel
          </button>
          <button type="submit" class="button danger" disabled={busy}>
            Delete
          </button>
        </div>
      </form>
    </Dialog>
  );
}
