import type { Message } from "../../api/types";
import { author_of, type Agent } from "../../core/agents";
import type { Density } from "../../core/density";
import { compact, cost, count, duration } from "../../core/format";
import { first_line } from "../../core/pieces";
import type { Row } from "../../core/rows";
import { reveal } from "../../core/unicode";
import { permalink } from "../../core/url";
import { AgentMark } from "../agent_mark";
import { CopyButton } from "../copy_button";
import { ClockTime } from "../time";
import { useFold } from "./fold";
import { Pieces } from "./pieces";

type Of<Kind extends Row["kind"]> = Extract<Row, { kind: Kind }>;

/** "820 in · 140 out", or the sum where only that is known. */
export function token_words(input: number | null, output: number | null, total: number | null): string {
  if (input || output) return `${compact(input)} in · ${compact(output)} out`;
  return total ? `${compact(total)} tokens` : "";
}

function facts_of(message: Message): string[] {
  const estimated = message.costKind === "estimated" ? " estimated" : "";
  return [
    token_words(message.inputTokens, message.outputTokens, message.totalTokens),
    message.cost === null ? "" : cost(message.cost) + estimated,
    message.duration ? duration(message.duration) : "",
    message.turnNumber === null ? "" : `turn ${count(message.turnNumber)}`,
  ].filter(Boolean);
}

function shown_text(sequence: number): string {
  return document.querySelector<HTMLElement>(`#m-${sequence} .pieces`)?.innerText ?? "";
}

export function message_address(sequence: number): string {
  const { origin, pathname } = location;
  return `${origin}${pathname}${permalink(sequence)}`;
}

function Foot({ message }: { message: Message }) {
  const { sequenceNumber } = message;
  return (
    <p class="foot">
      <a href={permalink(sequenceNumber)} title="Link to this message">
        #{count(sequenceNumber)}
      </a>
      {facts_of(message).map((fact) => (
        <span key={fact}>{fact}</span>
      ))}
      <span class="foot-actions">
        <CopyButton class="foot-action" label="Copy text" text={() => shown_text(sequenceNumber)}>
          Text
        </CopyButton>
        <CopyButton class="foot-action" label="Copy Markdown" text={() => message.content}>
          Markdown
        </CopyButton>
        <CopyButton class="foot-action" icon="link" label="Copy link to this message" text={() => message_address(sequenceNumber)}>
          Link
        </CopyButton>
      </span>
    </p>
  );
}

function SlimLine({ message, author, open }: { message: Message; author: Agent; open(): void }) {
  return (
    <div class={`message slim ${author.colour}`}>
      <AgentMark agent={author} />
      <bdi class="agent-name">{reveal(author.name)}</bdi>
      <button type="button" class="slim-text" dir="auto" data-fold aria-expanded="false" onClick={open}>
        {reveal(first_line(message.content))}
      </button>
      <span class="quiet slim-facts">{message.totalTokens ? compact(message.totalTokens) : ""}</span>
    </div>
  );
}

interface Props {
  row: Of<"message">;
  agents: readonly Agent[];
  density: Density;
}

export function MessageRow({ row, agents, density }: Props) {
  const { message, head } = row;
  const [unfolded, toggle] = useFold(`slim ${message.id}`, false);
  const author = author_of(message, agents);
  if (density === "slim" && !unfolded) return <SlimLine message={message} author={author} open={toggle} />;
  const has_head = head || density === "slim";
  const model = message.model && message.model !== message.agentType ? message.model : author.model;
  return (
    <div class={`message ${author.colour}${has_head ? " head" : ""}`}>
      <div class="gutter">{has_head && <AgentMark agent={author} />}</div>
      <div class="content">
        {has_head && (
          <h3 class="who">
            <bdi class="agent-name">{reveal(author.name)}</bdi>
            {model && <span class="quiet model">{reveal(model)}</span>}
            <span class="quiet who-time">
              <ClockTime iso={message.timestamp} />
            </span>
            {density === "slim" && (
              <button type="button" class="link" data-fold aria-expanded="true" onClick={toggle}>
                Fold
              </button>
            )}
          </h3>
        )}
        <Pieces message={message} />
        {density === "comfortable" && <Foot message={message} />}
      </div>
    </div>
  );
}
