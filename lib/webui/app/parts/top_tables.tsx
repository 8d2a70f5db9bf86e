import type { ComponentChildren } from "preact";
import type { Top, TopRow } from "../api/metrics";
import { sessions_link, type DashboardQuery } from "../core/dashboard";
import { compact, cost, count } from "../core/format";
import { session_path } from "../core/routes";
import { reveal } from "../core/unicode";
import { href } from "../state/router";
import { colour_class, initials } from "../core/agents";
import { session_name } from "./session_facts";
import { RelativeTime } from "./time";

function Section({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="top-table">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

const nothing = <p class="quiet small">Nothing in this time.</p>;

interface KeyTableProps {
  title: string;
  word: string;
  rows: readonly TopRow[];
  link: (row: TopRow) => string;
  marked?: boolean;
}

function KeyTable({ title, word, rows, link, marked = false }: KeyTableProps) {
  return (
    <Section title={title}>
      {rows.length === 0 ? (
        nothing
      ) : (
        <table class="table-plain">
          <thead>
            <tr>
              <th scope="col">{word}</th>
              <th scope="col" class="number">Sessions</th>
              <th scope="col" class="number">Messages</th>
              <th scope="col" class="number">Tokens</th>
              <th scope="col" class="number">Cost</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.key}>
                <td>
                  <a class="agent" href={href(link(row))}>
                    {marked && <span class={`mark ${colour_class(row.key)}`} aria-hidden="true">{initials(row.key ?? "?")}</span>}
                    <bdi>{reveal(row.key ?? "unknown")}</bdi>
                  </a>
                </td>
                <td class="number">{count(row.sessions)}</td>
                <td class="number">{count(row.messages)}</td>
                <td class="number" title={count(row.totalTokens)}>{compact(row.totalTokens)}</td>
                <td class="number">{cost(row.cost)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}

function DearestSessions({ sessions }: Pick<Top, "sessions">) {
  return (
    <Section title="Dearest sessions">
      {sessions.length === 0 ? (
        nothing
      ) : (
        <table class="table-plain">
          <thead>
            <tr>
              <th scope="col">Session</th>
              <th scope="col" class="number">Messages</th>
              <th scope="col" class="number">Tokens</th>
              <th scope="col" class="number">Cost</th>
            </tr>
          </thead>
          <tbody>
            {sessions.map((session) => (
              <tr key={session.id}>
                <td class="one-line">
                  <a href={href(session_path(session.id))} dir="auto">
                    {session_name(session)}
                  </a>
                </td>
                <td class="number">{count(session.totalMessages)}</td>
                <td class="number" title={count(session.totalTokens)}>{compact(session.totalTokens)}</td>
                <td class="number">{cost(session.totalCost)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}

function RecentErrors({ errors }: Pick<Top, "errors">) {
  return (
    <Section title="Recent errors">
      {errors.length === 0 ? (
        <p class="quiet small">No error in this time.</p>
      ) : (
        <ul class="error-list">
          {errors.map((error, i) => (
            <li key={i}>
              <p class="error-text" dir="auto">
                {reveal(error.message)}
              </p>
              <p class="small quiet">
                {error.agentType && <bdi>{reveal(error.agentType)} · </bdi>}
                <a href={href(session_path(error.sessionId))} dir="auto">
                  {reveal(error.sessionName || error.sessionId)}
                </a>{" "}
                · <RelativeTime iso={error.timestamp} />
              </p>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

export function TopTables({ top, query }: { top: Top; query: DashboardQuery }) {
  return (
    <div class="top-tables">
      <KeyTable title="Agents" word="Agent" rows={top.agents} link={({ key }) => sessions_link(query, { agent: key ?? "" })} marked />
      <KeyTable title="Models" word="Model" rows={top.models} link={({ key }) => sessions_link(query, { model: key ?? "" })} />
      <DearestSessions sessions={top.sessions} />
      <RecentErrors errors={top.errors} />
    </div>
  );
}
