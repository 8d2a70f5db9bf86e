import { useEffect, useRef, useState } from "preact/hooks";
import { rename_session } from "../../api/client";
import type { Session } from "../../api/types";
import type { Agent } from "../../core/agents";
import { compact, cost, count } from "../../core/format";
import { reveal } from "../../core/unicode";
import { failure_of } from "../../state/failure";
import { may } from "../../state/rights";
import { href, list_address } from "../../state/router";
import { AgentMark } from "../agent_mark";
import { Button } from "../button";
import { Icon } from "../icon";
import { Menu, type MenuItem } from "../menu";
import { Duration, session_name } from "../session_facts";
import { StatusMark } from "../status";

const k_longest_name = 200;

function NameForm({ session, close }: { session: Session; close(): void }) {
  const [problem, set_problem] = useState("");
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.select(), []);
  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget as HTMLFormElement).get("name")).trim();
    if (name === "") return set_problem("A name needs at least one character.");
    try {
      await rename_session(session.id, name);
      close();
    } catch (error) {
      set_problem(failure_of(error).text);
    }
  };
  return (
    <form class="name-form" onSubmit={save} onKeyDown={(event) => event.key === "Escape" && close()}>
      <input
        name="name"
        aria-label="Name"
        aria-invalid={problem !== ""}
        maxLength={k_longest_name}
        defaultValue={session.name ?? ""}
        ref={input}
      />
      <button type="submit" class="button primary">
        Save
      </button>
      <Button kind="quiet" label="Keep the name" onClick={close}>
        Cancel
      </Button>
      {problem && (
        <span class="bad small" role="alert">
          {problem}
        </span>
      )}
    </form>
  );
}

interface FiltersProps {
  agents: readonly Agent[];
  shown: readonly string[];
  show(ids: readonly string[]): void;
}

/** The participants, each a switch: only those that are on are shown. */
function AgentFilters({ agents, shown, show }: FiltersProps) {
  const toggle = (id: string) => show(shown.includes(id) ? shown.filter((other) => other !== id) : [...shown, id]);
  return (
    <ul class="participants" aria-label="Participants">
      {agents.map((agent) => (
        <li key={agent.id}>
          <button
            type="button"
            class={`agent-chip ${agent.colour}`}
            aria-pressed={shown.includes(agent.id)}
            title={[agent.type, agent.version, "show only this participant"].filter(Boolean).map((text) => reveal(text!)).join(" · ")}
            onClick={() => toggle(agent.id)}
          >
            <AgentMark agent={agent} />
            <bdi class="agent-name">{reveal(agent.name)}</bdi>
            {agent.model && <span class="quiet model">{reveal(agent.model)}</span>}
          </button>
        </li>
      ))}
    </ul>
  );
}

export function Totals({ session }: { session: Session }) {
  return (
    <dl class="totals">
      <div>
        <dt>Messages</dt>
        <dd data-total="messages">{count(session.totalMessages)}</dd>
      </div>
      <div title={`${count(session.inputTokens)} in · ${count(session.outputTokens)} out`}>
        <dt>Tokens</dt>
        <dd>
          <span data-total="tokens">{count(session.totalTokens)}</span>
          {session.inputTokens + session.outputTokens > 0 && (
            <span class="quiet in-out">
              {" "}
              {compact(session.inputTokens)} in · {compact(session.outputTokens)} out
            </span>
          )}
        </dd>
      </div>
      <div>
        <dt>Cost</dt>
        <dd data-total="cost">{cost(session.totalCost)}</dd>
      </div>
      <div>
        <dt>Duration</dt>
        <dd>
          <Duration session={session} />
        </dd>
      </div>
      {session.errorCount > 0 && (
        <div>
          <dt>Errors</dt>
          <dd class="bad">{count(session.errorCount)}</dd>
        </div>
      )}
    </dl>
  );
}

export interface HeadActions {
  toggle_follow(): void;
  find(): void;
  cycle_density(): void;
  replay(): void;
  export_it(): void;
  outline(): void;
  panel(): void;
  more: readonly MenuItem[];
}

interface Props extends FiltersProps {
  session: Session;
  follows: boolean;
  density: string;
  /** A replay is open. */
  replays: boolean;
  outline_open: boolean;
  panel_open: boolean;
  actions: HeadActions;
}

function FollowButton({ follows, toggle }: { follows: boolean; toggle(): void }) {
  return (
    <Button icon={follows ? "follow" : "pause"} label={follows ? "Stop following" : "Follow the conversation"} keys="Space" pressed={follows} onClick={toggle}>
      {follows ? "Following" : "Paused · Resume"}
    </Button>
  );
}

function Actions({ session, follows, density, replays, outline_open, panel_open, actions }: Props) {
  return (
    <div class="session-actions">
      {session.status === "ACTIVE" ? (
        <FollowButton follows={follows} toggle={actions.toggle_follow} />
      ) : (
        <Button icon="play" label="Replay this session" pressed={replays} onClick={actions.replay}>
          Replay
        </Button>
      )}
      <Button icon="search" kind="quiet" label="Find in all messages" keys="f" onClick={actions.find} />
      <Button icon="density" kind="quiet" label={`Density: ${density}`} keys="d" onClick={actions.cycle_density} />
      <Button icon="export" kind="quiet" label="Export" onClick={actions.export_it} />
      <Button icon="outline" kind="quiet" label="Outline" pressed={outline_open} onClick={actions.outline} />
      <Button icon="panel" kind="quiet" label="About this session" pressed={panel_open} onClick={actions.panel} />
      <Menu label="More" icon="more" items={actions.more} />
    </div>
  );
}

export function Head(props: Props) {
  const { session, agents, shown, show } = props;
  const [renames, set_renames] = useState(false);
  return (
    <header class="session-head">
      <div class="title-line">
        <a class="back" href={href(list_address.value)} aria-label="Sessions">
          <Icon name="back" />
          <span>Sessions</span>
        </a>
        {renames ? (
          <NameForm session={session} close={() => set_renames(false)} />
        ) : (
          <h1 tabIndex={-1} dir="auto" title={session_name(session)}>
            {session_name(session)}
          </h1>
        )}
        {!renames && may("admin") && <Button icon="edit" kind="quiet" label="Rename" onClick={() => set_renames(true)} />}
        <StatusMark of={session} />
        <Actions {...props} />
      </div>
      <div class="facts-line">
        <AgentFilters agents={agents} shown={shown} show={show} />
        <Totals session={session} />
      </div>
    </header>
  );
}
