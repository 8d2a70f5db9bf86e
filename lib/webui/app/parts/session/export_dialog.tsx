import { useState } from "preact/hooks";
import { export_address } from "../../api/client";
import type { Session } from "../../api/types";
import { bytes } from "../../core/format";
import { CopyButton } from "../copy_button";
import { Dialog } from "../dialog";
import { Icon } from "../icon";

interface Format {
  name: string;
  label: string;
  hint: string;
  /** Bytes of the file for each byte of text, roughly. */
  weight: number;
}

const k_formats: readonly Format[] = [
  { name: "json", label: "JSON", hint: "everything; can be uploaded again", weight: 1.5 },
  { name: "jsonl", label: "JSONL", hint: "one event a line", weight: 1.7 },
  { name: "markdown", label: "Markdown", hint: "to read and to paste", weight: 1.05 },
  { name: "html", label: "HTML", hint: "one file without scripts, prints well", weight: 1.3 },
  { name: "csv", label: "CSV", hint: "one row a message", weight: 1.1 },
];

interface Props {
  session: Session;
  /** Mean length of the messages at hand, for the estimate. */
  mean_bytes: number;
  /** The messages in sight. */
  first: number;
  last: number;
  close(): void;
}

export function ExportDialog({ session, mean_bytes, first, last, close }: Props) {
  const [format, set_format] = useState(k_formats[0]!);
  const [range, set_range] = useState<{ from: string; to: string } | null>(null);
  const [tools, set_tools] = useState(true);
  const [redact, set_redact] = useState(false);
  const query: Record<string, string> = {
    format: format.name,
    ...(range?.from ? { from_seq: range.from } : {}),
    ...(range?.to ? { to_seq: range.to } : {}),
    ...(tools ? {} : { tools: "0" }),
    ...(redact ? { redact: "1" } : {}),
  };
  const messages = range ? Math.max(0, Number(range.to || session.totalMessages) - Number(range.from || 1) + 1) : session.totalMessages;
  const markdown = async () => (await fetch(export_address(session.id, { ...query, format: "markdown" }))).text();
  return (
    <Dialog title="Export this session" close={close}>
      <fieldset class="field">
        <legend>Format</legend>
        {k_formats.map((row) => (
          <label key={row.name} class="check">
            <input type="radio" name="format" checked={row === format} onChange={() => set_format(row)} />
            <span>
              {row.label} <span class="quiet">· {row.hint}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <fieldset class="field">
        <legend>Messages</legend>
        <label class="check">
          <input type="radio" name="range" checked={range === null} onChange={() => set_range(null)} />
          <span>All</span>
        </label>
        <label class="check">
          <input type="radio" name="range" checked={range !== null} onChange={() => set_range({ from: String(first || 1), to: String(last || "") })} />
          <span>From … to</span>
        </label>
        {range && (
          <div class="range-pair">
            <input aria-label="From message" type="number" min="1" value={range.from} onInput={(e) => set_range({ ...range, from: e.currentTarget.value })} />
            <input aria-label="To message" type="number" min="1" value={range.to} onInput={(e) => set_range({ ...range, to: e.currentTarget.value })} />
          </div>
        )}
      </fieldset>
      <fieldset class="field">
        <legend>Content</legend>
        <label class="check">
          <input type="checkbox" checked={tools} onChange={(e) => set_tools(e.currentTarget.checked)} />
          <span>With the output of tools</span>
        </label>
        <label class="check">
          <input type="checkbox" checked={redact} onChange={(e) => set_redact(e.currentTarget.checked)} />
          <span>Without keys and e-mail addresses</span>
        </label>
      </fieldset>
      <div class="dialog-foot">
        <span class="quiet small dialog-note">About {bytes(Math.round(messages * (mean_bytes + 120) * format.weight))}</span>
        <CopyButton class="button" label="Copy as Markdown" text={markdown}>
          Copy as Markdown
        </CopyButton>
        <a class="button primary" href={export_address(session.id, query)} download onClick={() => setTimeout(close)}>
          <Icon name="export" />
          <span>Download</span>
        </a>
      </div>
    </Dialog>
  );
}
