import { useState } from "preact/hooks";
import { base } from "../api/base";
import { create_key, k_scopes, type KeyScope } from "../api/keys";
import { failure_of } from "../state/failure";
import { Button } from "./button";
import { copy_text } from "./copy";
import { Dialog } from "./dialog";

const k_meanings: Record<KeyScope, string> = {
  ingest: "Ingest: send events and upload sessions",
  read: "Read: see and export everything",
  admin: "Admin: rename, delete, share, and manage keys",
};

const k_day_ms = 86_400_000;
const k_lives: readonly { word: string; days: number | null }[] = [
  { word: "until it is revoked", days: null },
  { word: "for 30 days", days: 30 },
  { word: "for 90 days", days: 90 },
  { word: "for a year", days: 365 },
];

function Made({ value, close }: { value: string; close(): void }) {
  return (
    <Dialog title="The new key" close={close}>
      <p>It is shown only now. On the machine that is to use it:</p>
      <pre class="recipe" tabIndex={0}>
        <code>{`agentpipe-bridge setup --url ${location.origin + base} --api-key-stdin --enable --test <<< '${value}'`}</code>
      </pre>
      <div class="dialog-foot">
        <Button label="Copy the key" icon="copy" onClick={() => void copy_text(value)}>
          Copy key
        </Button>
        <Button label="Done" kind="primary" onClick={close}>
          Done
        </Button>
      </div>
    </Dialog>
  );
}

/** Asks for a key's name and rights, makes it, and shows it once. */
export function KeyForm({ close, changed }: { close(): void; changed(): void }) {
  const [problem, set_problem] = useState("");
  const [made, set_made] = useState<string | null>(null);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const scopes = k_scopes.filter((scope) => form.has(scope));
    if (scopes.length === 0) return set_problem("Choose at least one right.");
    const { days } = k_lives[Number(form.get("life"))]!;
    const expiry = days === null ? {} : { expiresAt: new Date(Date.now() + days * k_day_ms).toISOString() };
    try {
      set_made((await create_key({ name: String(form.get("name")).trim(), scopes, ...expiry })).key);
      changed();
    } catch (error) {
      set_problem(failure_of(error).text);
    }
  };
  if (made !== null) return <Made value={made} close={close} />;
  return (
    <Dialog title="New key" close={close}>
      <form onSubmit={(event) => void submit(event)}>
        <label class="field">
          <span>Name, best that of the machine that will use it</span>
          <input name="name" required maxLength={100} autocomplete="off" />
        </label>
        <fieldset class="field">
          <legend>It may</legend>
          {k_scopes.map((scope) => (
            <label key={scope} class="check">
              <input type="checkbox" name={scope} defaultChecked={scope === "ingest"} />
              {k_meanings[scope]}
            </label>
          ))}
        </fieldset>
        <label class="field">
          <span>It is valid</span>
          <select name="life">
            {k_lives.map(({ word }, i) => (
              <option key={word} value={i}>
                {word}
              </option>
            ))}
          </select>
        </label>
        <p class="field-error" role="alert">
          {problem}
        </p>
        <div class="dialog-foot">
          <Button label="Cancel" onClick={close}>
            Cancel
          </Button>
          <button type="submit" class="primary">
            Make key
          </button>
        </div>
      </form>
    </Dialog>
  );
}
