import type { ComponentChildren } from "preact";
import type { Check, Diagnostics, FoundAgent, Level } from "../api/diagnostics";
import { count } from "../core/format";
import { reveal } from "../core/unicode";

const k_levels: Record<Level, { glyph: string; word: string; tone: string }> = {
  ok: { glyph: "●", word: "Well", tone: "good" },
  warn: { glyph: "▲", word: "Look", tone: "warn" },
  error: { glyph: "✕", word: "Wrong", tone: "bad" },
};

export function LevelMark({ level, children }: { level: Level; children?: ComponentChildren }) {
  const { glyph, word, tone } = k_levels[level] ?? k_levels.warn;
  return (
    <span class={`status ${tone}`} data-level={level}>
      <span aria-hidden="true">{glyph}</span> {children ?? word}
    </span>
  );
}

function Section({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="diagnosis">
      <h2>{title}</h2>
      <div class="scroll-box" tabIndex={0} role="region" aria-label={title}>{children}</div>
    </section>
  );
}

export function Checks({ checks }: { checks: readonly Check[] }) {
  return (
    <Section title="Checks">
      <table class="table-plain checks">
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">What</th>
            <th scope="col">Value</th>
            <th scope="col">What to do</th>
          </tr>
        </thead>
        <tbody>
          {checks.map(({ id, name, state, value, hint }) => (
            <tr key={id} data-check={id}>
              <td>
                <LevelMark level={state} />
              </td>
              <th scope="row">{name}</th>
              <td>{reveal(value)}</td>
              <td class="quiet">{hint && reveal(hint)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

export function Refused({ rejected }: { rejected: Diagnostics["ingest"]["rejected"] }) {
  const rows = Object.entries(rejected).sort((a, b) => b[1] - a[1]);
  if (rows.length === 0) return null;
  return (
    <Section title="Refused events">
      <table class="table-plain">
        <thead>
          <tr>
            <th scope="col">Because</th>
            <th scope="col" class="number">
              Events
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([reason, events]) => (
            <tr key={reason}>
              <td>{reveal(reason)}</td>
              <td class="number">{count(events)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

/** A link out only to what is plainly a page on the web. */
function Docs({ url, name }: { url: string | null; name: string }) {
  if (!url || !/^https:\/\//.test(url)) return null;
  return (
    <a href={url} target="_blank" rel="noopener noreferrer nofollow">
      About<span class="unseen"> {name}</span>
    </a>
  );
}

export function Agents({ agents }: { agents: readonly FoundAgent[] }) {
  const ordered = [...agents].sort((a, b) => Number(b.installed) - Number(a.installed) || a.name.localeCompare(b.name));
  return (
    <Section title="Agents on the server's machine">
      <table class="table-plain agents-found">
        <thead>
          <tr>
            <th scope="col">Agent</th>
            <th scope="col">Version</th>
            <th scope="col">Command</th>
            <th scope="col">
              <span class="unseen">About</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {ordered.map(({ type, name, installed, version, command, path, docsUrl }) => (
            <tr key={type} class={installed ? undefined : "quiet"}>
              <th scope="row">{reveal(name)}</th>
              <td>{installed ? reveal(version ?? "unknown") : "not found"}</td>
              <td>
                <code>{reveal(path ?? command)}</code>
              </td>
              <td>
                <Docs url={docsUrl} name={name} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

interface Pair {
  name: string;
  value: string | null;
  origin?: string | null;
}

export function Pairs({ title, words, pairs }: { title: string; words: [string, string, string?]; pairs: readonly Pair[] }) {
  return (
    <Section title={title}>
      <table class="table-plain">
        <thead>
          <tr>
            {words.map((word) => (
              <th key={word} scope="col">
                {word}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {pairs.map(({ name, value, origin }) => (
            <tr key={name}>
              <th scope="row">
                <code>{name}</code>
              </th>
              <td>
                <code>{value === null || value === "" ? "—" : reveal(value)}</code>
              </td>
              {words.length > 2 && <td class="quiet">{origin ?? "—"}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
