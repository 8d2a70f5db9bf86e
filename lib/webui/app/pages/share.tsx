import { useEffect, useMemo } from "preact/hooks";
import { get_shared, shared_path, shared_source, type SharedHead } from "../api/source";
import { stream_at } from "../api/stream";
import { agents_of, type Agent } from "../core/agents";
import type { Conversation } from "../core/conversation";
import { reveal } from "../core/unicode";
import { AgentName } from "../parts/agent_mark";
import { FailureBox } from "../parts/notice";
import { usePageTitle } from "../parts/page_title";
import { Foot } from "../parts/session/foot";
import { Totals } from "../parts/session/head";
import { Transcript } from "../parts/session/transcript";
import { useFollowing } from "../parts/session/use_following";
import { session_name } from "../parts/session_facts";
import { Skeleton } from "../parts/skeleton";
import { StatusMark } from "../parts/status";
import { useConnection } from "../state/connection";
import { useLoaded } from "../state/loaded";
import { SessionStore } from "../state/session_store";
import { settings } from "../state/settings";
import { times } from "../state/times";
import type { PageProps } from "./table";

const k_ended = 410;
const k_no_agents: readonly string[] = [];
const nothing = (): void => undefined;

function Terms({ share }: Pick<SharedHead, "share">) {
  const what = share.mode === "live" ? "A shared session, as it goes on" : "A shared session, as it was";
  return <p class="quiet small">{share.expiresAt ? `${what}. The link ends ${times.value.exact(share.expiresAt)}.` : `${what}.`}</p>;
}

interface ReadingProps {
  store: SessionStore;
  conversation: Conversation;
  agents: readonly Agent[];
  share: SharedHead["share"];
}

function Reading({ store, conversation, agents, share }: ReadingProps) {
  const { session } = conversation.live;
  const is_live = session.status === "ACTIVE" && share.mode === "live";
  const { follow, new_after, change, resume } = useFollowing(store, conversation, is_live);
  useConnection({
    state: store.stream_state.value,
    paused: is_live && follow.mode === "paused",
    last_event_at: store.last_event_at.value,
    retry: () => store.retry_stream(),
  });
  return (
    <main class="session">
      <header class="session-head">
        <div class="title-line">
          <h1 tabIndex={-1} dir="auto">
            {session_name(session)}
          </h1>
          <StatusMark of={session} />
        </div>
        <div class="facts-line">
          <ul class="participants" aria-label="Participants">
            {agents.map((agent) => (
              <li key={agent.id}>
                <AgentName agent={agent} />
                {agent.model && <span class="quiet model">{reveal(agent.model)}</span>}
              </li>
            ))}
          </ul>
          <Totals session={session} />
        </div>
        <Terms share={share} />
      </header>
      {store.failure.value && <FailureBox failure={store.failure.value} stale_since={null} retry={() => void store.load(null)} />}
      <div class="session-body">
        <Transcript
          conversation={conversation}
          agents={agents}
          shown_agents={k_no_agents}
          density={settings.value.density}
          find=""
          aim={null}
          follow={follow}
          new_after={new_after}
          replays={false}
          set_follow={change}
          set_sight={nothing}
          load_earlier={() => void store.load_earlier()}
          load_later={() => void store.load_later()}
          resume={resume}
        />
      </div>
      <Foot store={store} conversation={conversation} agents={agents} />
    </main>
  );
}

function Shared({ token, head }: { token: string; head: SharedHead }) {
  const store = useMemo(() => {
    const stream = head.share.mode === "live" ? stream_at(`${shared_path(token)}/stream`) : null;
    return new SessionStore(head.id, stream, null, shared_source(token));
  }, []);
  useEffect(() => () => store.close(), []);
  const conversation = store.conversation.value;
  const session = conversation?.live.session ?? head;
  const agents = useMemo(() => agents_of(session.participants), [session.participants]);
  usePageTitle(session_name(session), head.share.mode === "live" && session.status === "ACTIVE");
  const failure = store.failure.value;
  if (conversation) return <Reading store={store} conversation={conversation} agents={agents} share={head.share} />;
  return (
    <main class="page" id="main" tabIndex={-1}>
      {failure ? <FailureBox failure={failure} stale_since={null} retry={() => void store.load(null)} /> : <Skeleton />}
    </main>
  );
}

function NoLink({ ended }: { ended: boolean }) {
  usePageTitle(ended ? "The link has ended" : "Not found", false);
  return (
    <main class="page" id="main" tabIndex={-1}>
      <h1 tabIndex={-1}>{ended ? "This link has ended" : "Not found"}</h1>
      <p>{ended ? "Its time is over, or it was revoked. Ask the one who sent it for a new one." : "There is no such link here. The address may not be complete."}</p>
    </main>
  );
}

/** One session for people without a key: read-only, live or frozen, as the link says. */
export default function SharePage({ id }: PageProps) {
  const token = id!;
  const head = useLoaded(token, (signal) => get_shared(token, signal));
  const failure = head.failure.value;
  if (failure && (failure.status === k_ended || failure.status === 404)) return <NoLink ended={failure.status === k_ended} />;
  if (head.value.value) return <Shared token={token} head={head.value.value} />;
  return (
    <main class="page" id="main" tabIndex={-1}>
      <h1 tabIndex={-1} class="unseen">
        Shared session
      </h1>
      {failure ? <FailureBox failure={failure} stale_since={null} retry={() => void head.load()} /> : <Skeleton />}
    </main>
  );
}
