import type { ComponentChildren, ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { list_sessions } from "../../api/client";
import type { OutlineItem, Session } from "../../api/types";
import type { Agent } from "../../core/agents";
import { compact, cost, count, duration, plural } from "../../core/format";
import { session_path } from "../../core/routes";
import type { PanelName } from "../../core/session_url";
import { work_of } from "../../core/shares";
import { reveal } from "../../core/unicode";
import { href } from "../../state/router";
import { times } from "../../state/times";
import { AgentMark } from "../agent_mark";
import { CopyButton } from "../copy_button";
import { MessageBody } from "../message_body";
import { Duration, session_name } from "../session_facts";
import { StatusMark } from "../status";
import type { SessionCharts } from "../session_charts";
import type { Sight } from "./transcript";

/** What every panel may draw from. */
export interface PanelProps {
  session: Session;
  agents: readonly Agent[];
  items: readonly OutlineItem[];
  sight: Sight;
  jump(sequence: number): void;
}

interface Fact {
  label: string;
  value: ComponentChildren;
}

function Facts({ facts }: { facts: readonly (Fact | false | null | undefined)[] }) {
  return (
    <dl class="panel-facts">
      {facts.map(
        (fact) =>
          fact && (
            <div key={fact.label}>
              <dt>{fact.label}</dt>
              <dd>{fact.value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

const known = (label: string, value: string | null | undefined): Fact | false => (value ? { label, value: <bdi>{reveal(value)}</bdi> } : false);
const amount = (label: string, value: number | null | undefined): Fact | false => (value ? { label, value: count(value) } : false);

/** What began in this session. */
function Subagents({ session }: { session: Session }) {
  const [started, set_started] = useState<readonly Session[]>([]);
  useEffect(() => {
    const aborter = new AbortController();
    const query = new URLSearchParams({ parent: session.id, order: "asc", limit: "100" });
    list_sessions(query, aborter.signal).then(
      ({ sessions }) => set_started(sessions),
      () => {},
    );
    return () => aborter.abort();
  }, [session.id, session.status]);
  if (started.length === 0) return null;
  return (
    <>
      <h3>Subagents and forks</h3>
      <ul>
        {started.map((child) => (
          <li key={child.id}>
            <a href={href(session_path(child.id))}>
              <bdi>{session_name(child)}</bdi>
            </a>{" "}
            <span class="quiet">{plural(child.totalMessages, "message")}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Overview({ session }: PanelProps) {
  const { summary, errorMessage, parentConversationId } = session;
  return (
    <>
      <Facts
        facts={[
          { label: "Status", value: <StatusMark of={session} /> },
          { label: "Started", value: times.value.exact(session.startedAt) },
          session.completedAt !== null && { label: "Ended", value: times.value.exact(session.completedAt) },
          { label: "Duration", value: <Duration session={session} /> },
          known("Mode", session.mode),
          amount("Most turns", session.maxTurns),
          known("Source", session.sourceFormat ?? session.source),
          known("Machine", session.machine),
          known("Folder", session.cwd),
          known("Branch", session.gitBranch),
          !!parentConversationId && {
            label: "Part of",
            value: <a href={href(session_path(parentConversationId))}>the session that started it</a>,
          },
        ]}
      />
      <Subagents session={session} />
      <h3>Tokens and cost</h3>
      <Facts
        facts={[
          { label: "Tokens", value: count(session.totalTokens) },
          { label: "Input", value: count(session.inputTokens) },
          { label: "Output", value: count(session.outputTokens) },
          amount("Cache, read", session.cacheReadTokens),
          amount("Cache, written", session.cacheWriteTokens),
          amount("Reasoning", session.reasoningTokens),
          { label: "Cost", value: cost(session.totalCost) },
          { label: "Messages", value: count(session.totalMessages) },
        ]}
      />
      {errorMessage && (
        <>
          <h3>Last error</h3>
          <p class="bad">{reveal(errorMessage)}</p>
        </>
      )}
      {summary && (
        <>
          <h3>Summary</h3>
          <MessageBody id="panel summary" text={summary.shortText ?? summary.text ?? ""} />
        </>
      )}
    </>
  );
}

function Participants({ agents, items }: PanelProps) {
  const works = work_of(agents, items);
  const most = Math.max(1, ...works.map(({ tokens }) => tokens));
  return (
    <ul class="panel-agents">
      {works.map(({ agent, messages, tokens, cost: paid, duration_ms }) => (
        <li key={agent.id} class={agent.colour}>
          <p class="panel-agent">
            <AgentMark agent={agent} />
            <bdi class="agent-name">{reveal(agent.name)}</bdi>
            <span class="quiet">{reveal(agent.type)}</span>
          </p>
          <div class="share-bar" aria-hidden="true">
            <span style={{ width: `${(tokens / most) * 100}%` }} />
          </div>
          <Facts
            facts={[
              known("Model", agent.model),
              known("Version", agent.version),
              { label: "Messages", value: count(messages) },
              { label: "Tokens", value: compact(tokens) },
              { label: "Cost", value: cost(paid) },
              duration_ms > 0 && { label: "Time", value: duration(duration_ms) },
            ]}
          />
          {agent.prompt && (
            <details>
              <summary>Prompt</summary>
              <MessageBody id={`agent ${agent.id}`} text={agent.prompt} />
            </details>
          )}
        </li>
      ))}
    </ul>
  );
}

function Json({ title, value }: { title: string; value: unknown }) {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return (
    <section class="raw">
      <div class="raw-head">
        <h3>{title}</h3>
        <CopyButton label={`Copy ${title.toLowerCase()}`} text={() => text} />
      </div>
      <pre tabIndex={0}>{reveal(text)}</pre>
    </section>
  );
}

function System({ session }: PanelProps) {
  const { systemInfo, command, metadata } = session;
  const pieces = [
    { title: "System", value: systemInfo },
    { title: "Command", value: command },
    { title: "Metadata", value: metadata },
  ].filter(({ value }) => value !== null && value !== undefined);
  return (
    <>
      <Facts facts={[{ label: "Id", value: <code>{session.id}</code> }, known("Machine", session.machine), known("Source", session.source)]} />
      {pieces.map(({ title, value }) => (
        <Json key={title} title={title} value={value} />
      ))}
      {pieces.length === 0 && <p class="quiet">The client said nothing about its system.</p>}
    </>
  );
}

/** The plots are a chunk of their own: most readers never open them. */
function Charts({ agents, items, sight, jump }: PanelProps) {
  const [Body, set_body] = useState<typeof SessionCharts | null>(null);
  const [failed, set_failed] = useState(false);
  useEffect(() => {
    import("../session_charts").then((module) => set_body(() => module.SessionCharts), () => set_failed(true));
  }, []);
  if (failed) return <p class="quiet">The plots could not be loaded.</p>;
  return Body && <Body agents={agents} items={items} visible={[sight.first, sight.last]} jump={jump} />;
}

export interface Panel {
  name: PanelName;
  label: string;
  Body: ComponentType<PanelProps>;
}

/** The tabs of the side panel, in order. */
export const k_panels: readonly Panel[] = [
  { name: "overview", label: "Overview", Body: Overview },
  { name: "charts", label: "Charts", Body: Charts },
  { name: "participants", label: "Participants", Body: Participants },
  { name: "system", label: "System", Body: System },
];
