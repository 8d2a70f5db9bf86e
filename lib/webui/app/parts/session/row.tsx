import type { Agent } from "../../core/agents";
import type { Density } from "../../core/density";
import { compact, cost, duration } from "../../core/format";
import type { Row } from "../../core/rows";
import { reveal } from "../../core/unicode";
import { times } from "../../state/times";
import { memo } from "../memo";
import { MessageBody } from "../message_body";
import { ClockTime } from "../time";
import { MessageRow } from "./message_row";

type Of<Kind extends Row["kind"]> = Extract<Row, { kind: Kind }>;

function PromptRow({ row }: { row: Of<"prompt"> }) {
  return (
    <section class="card prompt" aria-label="Prompt">
      <h3>Prompt</h3>
      <MessageBody id={`prompt ${row.session.id}`} text={row.session.initialPrompt ?? ""} />
    </section>
  );
}

function SummaryRow({ row }: { row: Of<"summary"> }) {
  const { summary } = row;
  const facts = [summary.agentType, summary.model, summary.totalTokens ? `${compact(summary.totalTokens)} tokens` : null];
  return (
    <section class="card summary" aria-label="Summary">
      <h3>Summary</h3>
      <MessageBody id="summary" text={summary.text ?? summary.shortText ?? ""} />
      <p class="foot">
        {facts.filter(Boolean).map((fact) => (
          <span key={fact}>{reveal(fact!)}</span>
        ))}
        {summary.cost !== null && <span>{cost(summary.cost)}</span>}
      </p>
    </section>
  );
}

function NoteRow({ row }: { row: Of<"note"> }) {
  const { note } = row;
  return (
    <p class="note" data-level={note.level ?? undefined}>
      <ClockTime iso={note.timestamp} />
      {note.agentName && <bdi title={reveal(note.agentName)}>{reveal(note.agentName)}</bdi>}
      <span class="note-text" dir="auto">
        {reveal(note.content)}
      </span>
    </p>
  );
}

function ErrorRow({ row }: { row: Of<"error"> }) {
  const { note } = row;
  return (
    <section class="card error" aria-label="Error">
      <h3>
        <span aria-hidden="true">✕</span> Error{note.agentName && <> · <bdi>{reveal(note.agentName)}</bdi></>}
      </h3>
      <p class="note-text" dir="auto">
        {reveal(note.content)}
      </p>
      <p class="foot">
        <ClockTime iso={note.timestamp} />
      </p>
    </section>
  );
}

interface Props {
  row: Row;
  agents: readonly Agent[];
  density: Density;
}

/** One line of the transcript. */
export const TranscriptRow = memo(function TranscriptRow({ row, agents, density }: Props) {
  switch (row.kind) {
    case "prompt":
      return <PromptRow row={row} />;
    case "message":
      return <MessageRow row={row} agents={agents} density={density} />;
    case "note":
      return <NoteRow row={row} />;
    case "error":
      return <ErrorRow row={row} />;
    case "summary":
      return <SummaryRow row={row} />;
    case "pause":
      return <p class="pause">{duration(row.ms)} pause</p>;
    case "day":
      return <p class="pause">{times.value.day(row.timestamp)}</p>;
    case "new":
      return <p class="pause new">New</p>;
    case "earlier":
      return <p class="pause">Loading earlier messages…</p>;
    case "later":
      return <p class="pause">Loading later messages…</p>;
  }
});
