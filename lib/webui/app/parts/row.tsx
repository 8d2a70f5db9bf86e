import { author_of, type Agent } from "../core/agents";
import { compact, cost, count, duration } from "../core/format";
import type { Row } from "../core/rows";
import { reveal } from "../core/unicode";
import { permalink } from "../core/url";
import { AgentMark } from "./agent_mark";
import { memo } from "./memo";
import { MessageBody } from "./message_body";
import { ClockTime } from "./time";

type Of<Kind extends Row["kind"]> = Extract<Row, { kind: Kind }>;

/** "820 in · 140 out", or the sum where only that is known. */
function tokens(input: number | null, output: number | null, total: number | null): string {
  if (input || output) return `${compact(input)} in · ${compact(output)} out`;
  return total ? `${compact(total)} tokens` : "";
}

function MessageRow({ row, agents }: { row: Of<"message">; agents: readonly Agent[] }) {
  const { message, head } = row;
  const author = author_of(message, agents);
  const facts = [
    tokens(message.inputTokens, message.outputTokens, message.totalTokens),
    message.cost === null ? "" : cost(message.cost),
    message.duration ? duration(message.duration) : "",
  ].filter(Boolean);
  const model = message.model && message.model !== message.agentType ? message.model : author.model;
  return (
    <div class={`message ${author.colour}${head ? " head" : ""}`}>
      <div class="gutter">{head && <AgentMark agent={author} />}</div>
      <div class="content">
        {head && (
          <h3 class="who">
            <bdi class="agent-name">{reveal(author.name)}</bdi>
            {model && <span class="quiet model">{reveal(model)}</span>}
          </h3>
        )}
        <MessageBody id={message.id} text={message.content} />
        <p class="foot">
          <a href={permalink(message.sequenceNumber)} title="Link to this message">
            #{count(message.sequenceNumber)}
          </a>
          <ClockTime iso={message.timestamp} />
          {facts.map((fact) => (
            <span key={fact}>{fact}</span>
          ))}
        </p>
      </div>
    </div>
  );
}

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
      {note.agentName && <bdi>{reveal(note.agentName)}</bdi>}
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

/** One line of the transcript. */
export const TranscriptRow = memo(function TranscriptRow({ row, agents }: { row: Row; agents: readonly Agent[] }) {
  switch (row.kind) {
    case "prompt":
      return <PromptRow row={row} />;
    case "message":
      return <MessageRow row={row} agents={agents} />;
    case "note":
      return <NoteRow row={row} />;
    case "error":
      return <ErrorRow row={row} />;
    case "summary":
      return <SummaryRow row={row} />;
    case "pause":
      return <p class="pause">{duration(row.ms)} pause</p>;
    case "earlier":
      return <p class="pause">Loading earlier messages…</p>;
    case "later":
      return <p class="pause">Loading later messages…</p>;
  }
});
