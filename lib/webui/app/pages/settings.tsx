import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { base } from "../api/base";
import { get_rights, sign_out } from "../api/client";
import { list_keys } from "../api/keys";
import { get_health } from "../api/upload";
import { bytes } from "../core/format";
import { Button } from "../parts/button";
import { KeyForm } from "../parts/key_form";
import { KeyList } from "../parts/key_list";
import { usePageTitle } from "../parts/page_title";
import { useLoaded } from "../state/loaded";
import { href } from "../state/router";
import { may_notify } from "../state/notify";
import { k_choices, k_defaults, set_settings, settings, type Settings } from "../state/settings";
import { k_theme_names, k_themes, set_theme, theme, type Theme } from "../state/theme";

type Key = keyof Settings;

interface Group {
  title: string;
  rows: readonly { key: Key; label: string; hint?: string }[];
}

const k_groups: readonly Group[] = [
  {
    title: "Reading",
    rows: [
      { key: "density", label: "Density of messages" },
      { key: "view", label: "Sessions as" },
      { key: "fold_tools", label: "Fold tool calls" },
      { key: "fold_thinking", label: "Fold thinking" },
      { key: "wrap_code", label: "Wrap long lines of code" },
      { key: "follow", label: "Follow running sessions", hint: "Scrolling up always stops it." },
    ],
  },
  {
    title: "Times",
    rows: [
      { key: "times", label: "In lists", hint: "The exact time is in the tooltip." },
      { key: "zone", label: "Time zone" },
      { key: "hours", label: "Clock" },
    ],
  },
  {
    title: "Keyboard and news",
    rows: [
      { key: "shortcuts", label: "Shortcuts of a single key", hint: "Ctrl K works in any case." },
      { key: "announce", label: "Say news to screen readers", hint: "At most every five seconds." },
      { key: "notify", label: "Notify when a session ends", hint: "While its page is open and hidden." },
    ],
  },
];

// Words for the values that do not speak for themselves.
const k_words: Record<string, string> = { "24": "24 hours", "12": "12 hours", utc: "UTC", local: "of this browser", list: "a list", grid: "cards" };

function Row({ label, hint, children }: { label: string; hint?: string; children: ComponentChildren }) {
  return (
    <label class="setting">
      <span>
        {label}
        {hint && <span class="quiet small"> {hint}</span>}
      </span>
      {children}
    </label>
  );
}

/** What has to be so before a setting can be switched on. */
const k_conditions: { readonly [Name in Key]?: () => Promise<boolean> } = { notify: may_notify };

async function switch_setting(name: Key, on: boolean): Promise<void> {
  set_settings({ [name]: on });
  if (on && !((await k_conditions[name]?.()) ?? true)) set_settings({ [name]: false });
}

function Control({ name }: { name: Key }) {
  const value = settings.value[name];
  const choices = k_choices[name];
  if (!choices) {
    return <input type="checkbox" checked={value === true} onChange={(event) => void switch_setting(name, event.currentTarget.checked)} />;
  }
  return (
    <select value={String(value)} onChange={(event) => set_settings({ [name]: event.currentTarget.value })}>
      {choices.map((choice) => (
        <option key={choice} value={choice}>
          {k_words[choice] ?? choice}
        </option>
      ))}
    </select>
  );
}

function ThisBrowser() {
  const reset = () => {
    set_settings(k_defaults);
    set_theme("system");
  };
  return (
    <section class="settings-part">
      <h2>This browser</h2>
      <fieldset>
        <legend>Look</legend>
        <Row label="Theme">
          <select value={theme.value} onChange={(event) => set_theme(event.currentTarget.value as Theme)}>
            {k_themes.map((name) => (
              <option key={name} value={name}>
                {k_theme_names[name]}
              </option>
            ))}
          </select>
        </Row>
      </fieldset>
      {k_groups.map(({ title, rows }) => (
        <fieldset key={title}>
          <legend>{title}</legend>
          {rows.map(({ key, label, hint }) => (
            <Row key={key} label={label} hint={hint}>
              <Control name={key} />
            </Row>
          ))}
        </fieldset>
      ))}
      <Button label="Back to what it was at first" icon="retry" onClick={reset}>
        Reset to defaults
      </Button>
    </section>
  );
}

function ManagedKeys() {
  const keys = useLoaded("keys", list_keys);
  const [open, set_open] = useState(false);
  const failure = keys.failure.value;
  return (
    <>
      <Button label="Make a new key" icon="key" disabled={!keys.value.value} onClick={() => set_open(true)}>
        New key
      </Button>
      {failure && <p class="bad small">{failure.text}</p>}
      {keys.value.value && <KeyList keys={keys.value.value.keys} changed={() => void keys.load()} />}
      {open && <KeyForm close={() => set_open(false)} changed={() => void keys.load()} />}
    </>
  );
}

function SignIn() {
  return (
    <p class="quiet small">
      Keys are managed on the server with <code>agentpipe-web keys</code>, or here with an admin key:{" "}
      <a href={href(`/signin?next=${encodeURIComponent("/settings")}`)}>sign in</a>
    </p>
  );
}

/** Keys are shown to who holds an admin key himself, wherever he sits. */
function Keys() {
  const rights = useLoaded("rights", get_rights);
  const { authenticated = false, scopes = [] } = rights.value.value ?? {};
  const leave = () => sign_out().then(() => void rights.load(), () => void rights.load());
  return (
    <section class="settings-part keys-part">
      <div class="section-head">
        <h2>Keys</h2>
        {authenticated && (
          <Button label="Forget the key in this browser" kind="quiet" onClick={() => void leave()}>
            Sign out
          </Button>
        )}
      </div>
      {authenticated && scopes.includes("admin") ? <ManagedKeys /> : <SignIn />}
    </section>
  );
}

function Server() {
  const health = useLoaded("health", get_health).value.value;
  const size = (value: number | undefined) => (value === undefined ? "—" : bytes(value));
  return (
    <section class="settings-part">
      <h2>Server</h2>
      <dl class="server-facts">
        <div>
          <dt>Version</dt>
          <dd>{health?.version ?? "—"}</dd>
        </div>
        <div>
          <dt>Largest upload</dt>
          <dd>{size(health?.limits.upload_bytes)}</dd>
        </div>
        <div>
          <dt>Largest event</dt>
          <dd>{size(health?.limits.event_bytes)}</dd>
        </div>
        <div>
          <dt>Retention and other settings</dt>
          <dd>
            <a href={href("/diagnostics")}>Diagnostics</a>
          </dd>
        </div>
        <div>
          <dt>Everything that is stored</dt>
          <dd>
            <a href={`${base}/api/sessions/export?format=jsonl`} download>
              Export all sessions
            </a>
          </dd>
        </div>
      </dl>
    </section>
  );
}

export default function SettingsPage() {
  usePageTitle("Settings", false);
  return (
    <main class="page" id="main" tabIndex={-1}>
      <h1 tabIndex={-1}>Settings</h1>
      <div class="settings-parts">
        <ThisBrowser />
        <div>
          <Server />
          <Keys />
        </div>
      </div>
    </main>
  );
}
