import { useState } from "preact/hooks";
import { revoke_key, type Key } from "../api/keys";
import { reveal } from "../core/unicode";
import { failure_of } from "../state/failure";
import { now } from "../state/clock";
import { times } from "../state/times";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { RelativeTime } from "./time";

function state_of({ revokedAt, expiresAt }: Key): { word: string; tone: string } {
  if (revokedAt) return { word: "Revoked", tone: "quiet" };
  if (expiresAt && Date.parse(expiresAt) < now.value) return { word: "Expired", tone: "warn" };
  return { word: "Valid", tone: "good" };
}

function RevokeDialog({ chosen, close, done }: { chosen: Key; close(): void; done(): void }) {
  const [problem, set_problem] = useState("");
  const revoke = () => revoke_key(chosen.id).then(done, (error) => set_problem(failure_of(error).text));
  return (
    <Dialog title={`Revoke “${reveal(chosen.name)}”?`} close={close}>
      <p>What uses this key is refused within a second, and its open streams are closed. This cannot be taken back.</p>
      <p class="field-error" role="alert">
        {problem}
      </p>
      <div class="dialog-foot">
        <Button label="Cancel" onClick={close}>
          Cancel
        </Button>
        <Button label="Revoke" kind="danger" onClick={() => void revoke()}>
          Revoke
        </Button>
      </div>
    </Dialog>
  );
}

/** The server's keys: what may be seen of them, and their end. */
export function KeyList({ keys, changed }: { keys: readonly Key[]; changed(): void }) {
  const [chosen, set_chosen] = useState<Key | null>(null);
  const close = () => set_chosen(null);
  const done = () => {
    close();
    changed();
  };
  return (
    <div class="scroll-box" tabIndex={0} role="region" aria-label="Keys">
      <table class="table-plain keys-table">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Key</th>
            <th scope="col">May</th>
            <th scope="col">State</th>
            <th scope="col">Last used</th>
            <th scope="col">Until</th>
            <th scope="col">
              <span class="unseen">Revoke</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => {
            const { word, tone } = state_of(key);
            return (
              <tr key={key.id} data-key={key.id}>
                <th scope="row">
                  <bdi>{reveal(key.name)}</bdi>
                </th>
                <td>
                  <code>{key.masked}</code>
                </td>
                <td>{key.scopes.join(", ")}</td>
                <td class={tone}>{word}</td>
                <td>{key.lastUsedAt ? <RelativeTime iso={key.lastUsedAt} /> : "never"}</td>
                <td>{key.expiresAt ? times.value.exact(key.expiresAt) : "no end"}</td>
                <td>
                  {!key.revokedAt && (
                    <Button label={`Revoke ${key.name}`} kind="quiet" onClick={() => set_chosen(key)}>
                      Revoke
                    </Button>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {chosen && <RevokeDialog chosen={chosen} close={close} done={done} />}
    </div>
  );
}
