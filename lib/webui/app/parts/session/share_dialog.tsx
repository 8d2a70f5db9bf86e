import { useEffect, useState } from "preact/hooks";
import { list_shares, revoke_share, share_session } from "../../api/client";
import { base } from "../../api/base";
import type { NewShare, Session, Share } from "../../api/types";
import { failure_of } from "../../state/failure";
import { times } from "../../state/times";
import { CopyButton } from "../copy_button";
import { Dialog } from "../dialog";

const k_day_s = 86_400;
const k_lives = [
  { seconds: k_day_s, label: "1 day" },
  { seconds: 7 * k_day_s, label: "7 days" },
  { seconds: 30 * k_day_s, label: "30 days" },
  { seconds: null, label: "Until it is revoked" },
];

const is_open = ({ revokedAt, expiresAt }: Share): boolean => revokedAt === null && (expiresAt === null || Date.parse(expiresAt) > Date.now());

function Link({ share }: { share: NewShare }) {
  const address = `${location.origin}${base}${share.path}`;
  return (
    <div class="share-link">
      <input readOnly aria-label="Address of the link" value={address} onFocus={(event) => event.currentTarget.select()} />
      <CopyButton class="button" label="Copy the link" text={() => address}>
        Copy
      </CopyButton>
    </div>
  );
}

function Existing({ shares, revoke }: { shares: readonly Share[]; revoke(id: string): void }) {
  if (shares.length === 0) return null;
  return (
    <section class="field">
      <h3>Links in force</h3>
      <ul class="shares">
        {shares.map((share) => (
          <li key={share.id}>
            <span>
              {share.mode === "live" ? "Live" : "Frozen"} · made {times.value.exact(share.createdAt)}
              <span class="quiet"> · {share.expiresAt ? `ends ${times.value.exact(share.expiresAt)}` : "no end"}</span>
            </span>
            <button type="button" class="button" onClick={() => revoke(share.id)}>
              Revoke
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Links to this one session for people without a key. */
export function ShareDialog({ session, close }: { session: Session; close(): void }) {
  const [mode, set_mode] = useState<Share["mode"]>("live");
  const [life, set_life] = useState(1);
  const [made, set_made] = useState<NewShare | null>(null);
  const [shares, set_shares] = useState<readonly Share[]>([]);
  const [problem, set_problem] = useState("");
  const attempt = (work: Promise<unknown>) => work.then(() => set_problem(""), (error) => set_problem(failure_of(error).text));
  const read = async () => set_shares((await list_shares(session.id)).shares.filter(is_open));
  useEffect(() => void attempt(read()), []);
  const make = async () => {
    set_made(await share_session(session.id, mode, k_lives[life]!.seconds));
    await read();
  };
  const revoke = async (id: string) => {
    await revoke_share(id);
    if (made?.id === id) set_made(null);
    await read();
  };
  return (
    <Dialog title="Share this session" close={close}>
      <p class="quiet small">Whoever has the link can read this session, and nothing else. Its address is shown once.</p>
      <fieldset class="field">
        <legend>Shows</legend>
        <label class="check">
          <input type="radio" name="mode" checked={mode === "live"} onChange={() => set_mode("live")} />
          <span>The session as it goes on</span>
        </label>
        <label class="check">
          <input type="radio" name="mode" checked={mode === "frozen"} onChange={() => set_mode("frozen")} />
          <span>What it holds now, and no more</span>
        </label>
      </fieldset>
      <label class="field">
        <span class="quiet small">Works for</span>
        <select value={life} onChange={(event) => set_life(Number(event.currentTarget.value))}>
          {k_lives.map(({ label }, i) => (
            <option key={label} value={i} selected={i === life}>
              {label}
            </option>
          ))}
        </select>
      </label>
      {made && <Link share={made} />}
      <p class="field-error" role="alert">
        {problem}
      </p>
      <div class="dialog-foot">
        <button type="button" class="button primary" onClick={() => void attempt(make())}>
          Make a link
        </button>
      </div>
      <Existing shares={shares} revoke={(id) => void attempt(revoke(id))} />
    </Dialog>
  );
}
