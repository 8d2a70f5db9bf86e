import { useEffect, useMemo, useState } from "preact/hooks";
import { direct_stream } from "../api/stream";
import type { Session } from "../api/types";
import { agents_of, type Agent } from "../core/agents";
import { hold_mark, type Conversation } from "../core/conversation";
import { following, step, type Follow } from "../core/follow";
import { cost, count, plural, ticking } from "../core/format";
import { reveal } from "../core/unicode";
import { parse_permalink } from "../core/url";
import { AgentMark } from "../parts/agent_mark";
import { FailureBox } from "../parts/notice";
import { usePageTitle } from "../parts/page_title";
import { Duration, session_name } from "../parts/session_facts";
import { Skeleton } from "../parts/skeleton";
import { StatusMark } from "../parts/status";
import { first_follow, Transcript } from "../parts/transcript";
import { now } from "../state/clock";
import { useConnection } from "../state/connection";
import { href, list_address, place } from "../state/router";
import { SessionStore } from "../state/session_store";
import { NotFoundPage } from "./not_found";
import type { PageProps } from "./table";

// A model that thinks for longer than this leaves the reader wondering.
const k_waiting_ms = 3_000;

function Participants({ agents }: { agents: readonly Agent[] }) {
  return (
    <ul class="participants" aria-label="Participants">
      {agents.map((agent) => (
        <li key={agent.id} title={[agent.type, agent.version, agent.prompt].filter(Boolean).map((text) => reveal(text!)).join(" · ")}>
          <AgentMark agent={agent} />
          <bdi class="agent-name">{reveal(agent.name)}</bdi>
          {agent.model && <span class="quiet model">{reveal(agent.model)}</span>}
        </li>
      ))}
    </ul>
  );
}

function Totals({ session }: { session: Session }) {
  return (
    <dl class="totals">
      <div>
        <dt>Messages</dt>
        <dd data-total="messages">{count(session.totalMessages)}</dd>
      </div>
      <div>
        <dt>Tokens</dt>
        <dd data-total="tokens" title={`${count(session.inputTokens)} in · ${count(session.outputTokens)} out`}>
          {count(session.totalTokens)}
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

interface HeadProps {
  session: Session;
  agents: readonly Agent[];
  follow: Follow;
  toggle(): void;
}

function Head({ session, agents, follow, toggle }: HeadProps) {
  return (
    <header class="session-head">
      <div class="title-line">
        <a class="back" href={href(list_address.value)}>
          ← <span>Sessions</span>
        </a>
        <h1 tabIndex={-1} dir="auto" title={session_name(session)}>
          {session_name(session)}
        </h1>
        <StatusMark status={session.status} />
        {session.status === "ACTIVE" && (
          <button type="button" aria-pressed={follow.mode === "following"} onClick={toggle}>
            {follow.mode === "following" ? "Following" : "Paused · Resume"}
          </button>
        )}
      </div>
      <div class="facts-line">
        <Participants agents={agents} />
        <Totals session={session} />
      </div>
    </header>
  );
}

/** How much of the conversation is here, and whether the next message is waited for. */
function Foot({ store, conversation }: { store: SessionStore; conversation: Conversation }) {
  const { session } = conversation.live;
  const silence = now.value - store.last_event_at.value;
  const waits = session.status === "ACTIVE" && silence > k_waiting_ms && store.stream_state.value.kind === "live";
  const partly = conversation.has_earlier || conversation.has_later;
  if (session.status !== "ACTIVE" && !partly) return null;
  return (
    <footer class="session-foot">
      {partly && (
        <span>
          {count(conversation.messages.length)} of {plural(session.totalMessages, "message")} loaded
        </span>
      )}
      {store.catching_up.value && <span>Catching up</span>}
      {waits && <span class="waiting-line">Waiting for next message · {ticking(silence)}</span>}
    </footer>
  );
}

// The reader hears at most this often what came.
const k_announce_ms = 5_000;

/** Says politely what came, in its own region: the transcript itself is silent. */
function Announcer({ conversation }: { conversation: Conversation }) {
  const [said, set_said] = useState({ text: "", total: conversation.live.session.totalMessages, at: 0 });
  const { status, totalMessages } = conversation.live.session;
  useEffect(() => {
    if (status !== "ACTIVE") {
      if (said.text !== "") set_said({ ...said, text: `The session is ${status.toLowerCase()}.` });
      return;
    }
    if (totalMessages <= said.total) return;
    const timer = setTimeout(
      () => set_said({ text: `${plural(totalMessages - said.total, "new message")}.`, total: totalMessages, at: Date.now() }),
      Math.max(0, said.at + k_announce_ms - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [status, totalMessages]);
  return (
    <p class="unseen" role="status">
      {said.text}
    </p>
  );
}

function Loading({ id }: { id: string }) {
  return (
    <main class="page">
      <h1 tabIndex={-1} class="unseen">
        Session {reveal(id)}
      </h1>
      <Skeleton />
    </main>
  );
}

interface LoadedProps {
  store: SessionStore;
  conversation: Conversation;
  sequence: number | null;
}

function Loaded({ store, conversation, sequence }: LoadedProps) {
  const { session } = conversation.live;
  const [follow, set_follow] = useState(() => first_follow(conversation, sequence));
  const agents = useMemo(() => agents_of(session.participants), [session.participants]);
  const failure = store.failure.value;
  usePageTitle(session_name(session), session.status === "ACTIVE");
  useConnection({
    state: store.stream_state.value,
    paused: session.status === "ACTIVE" && follow.mode === "paused",
    last_event_at: store.last_event_at.value,
    retry: () => store.retry_stream(),
  });

  const is_missing = sequence !== null && !conversation.messages.some((message) => message.sequenceNumber === sequence);
  useEffect(() => {
    if (sequence === null) return;
    set_follow((now_follow) => step(now_follow, { kind: "read", newest: hold_mark(conversation) }));
    if (is_missing) void store.load({ around: sequence });
  }, [sequence]);

  const go_to_end = () => void store.load({ from: "end" });
  const toggle = () => {
    if (follow.mode === "following") return set_follow(step(follow, { kind: "read", newest: hold_mark(conversation) }));
    if (conversation.has_later) go_to_end();
    set_follow(following);
  };
  return (
    <main class="session">
      <Head session={session} agents={agents} follow={follow} toggle={toggle} />
      {failure && <FailureBox failure={failure} stale_since={null} retry={() => void store.load(null)} />}
      <Transcript
        conversation={conversation}
        agents={agents}
        sequence={sequence}
        follow={follow}
        set_follow={set_follow}
        load_earlier={() => void store.load_earlier()}
        load_later={() => void store.load_later()}
        go_to_end={go_to_end}
      />
      <Foot store={store} conversation={conversation} />
      <Announcer conversation={conversation} />
    </main>
  );
}

export default function SessionPage({ id: given }: PageProps) {
  const id = given!;
  const sequence = parse_permalink(place.value.hash);
  const store = useMemo(() => new SessionStore(id, direct_stream, sequence), [id]);
  useEffect(() => () => store.close(), [store]);
  const conversation = store.conversation.value;
  const failure = store.failure.value;
  if (failure?.status === 404) return <NotFoundPage what="session" />;
  if (conversation) return <Loaded store={store} conversation={conversation} sequence={sequence} />;
  if (failure) {
    return (
      <main class="page" id="main">
        <h1 tabIndex={-1}>Session</h1>
        <FailureBox failure={failure} stale_since={null} retry={() => void store.load(null)} />
      </main>
    );
  }
  return <Loading id={id} />;
}
