import { useEffect, useMemo, useState } from "preact/hooks";
import { shared_stream } from "../api/shared_stream";
import { agents_of } from "../core/agents";
import type { Conversation } from "../core/conversation";
import { k_densities } from "../core/density";
import type { Follow } from "../core/follow";
import type { SessionView } from "../core/session_url";
import { reveal } from "../core/unicode";
import { parse_permalink, type Span } from "../core/url";
import { Calm } from "../parts/calm";
import { FailureBox } from "../parts/notice";
import { usePageTitle } from "../parts/page_title";
import { useNewHeading } from "../parts/heading_focus";
import { Columns, useSide } from "../parts/session/columns";
import { Dialogs, type DialogName } from "../parts/session/dialogs";
import { FindBar } from "../parts/session/find_bar";
import { Foot } from "../parts/session/foot";
import { Head } from "../parts/session/head";
import { more_items, view_address } from "../parts/session/more_items";
import { useNews, useUnseen } from "../parts/session/news";
import { Outline } from "../parts/session/outline";
import { PlainView } from "../parts/session/plain";
import { ReplayBar } from "../parts/session/replay_bar";
import { SidePanel } from "../parts/session/side_panel";
import { Transcript, type Sight } from "../parts/session/transcript";
import { useFinder } from "../parts/session/use_finder";
import { useFollowing } from "../parts/session/use_following";
import { useJump } from "../parts/session/use_jump";
import { move_commands } from "../parts/session/use_moves";
import { useReplay } from "../parts/session/use_replay";
import { useView } from "../parts/session/use_view";
import { session_name } from "../parts/session_facts";
import { Skeleton } from "../parts/skeleton";
import { useCommands } from "../state/commands";
import { useConnection } from "../state/connection";
import { OutlineStore } from "../state/outline_store";
import { may, read_rights } from "../state/rights";
import { place } from "../state/router";
import { SessionStore } from "../state/session_store";
import { set_settings, settings } from "../state/settings";
import { NotFoundPage } from "./not_found";
import type { PageProps } from "./table";

const k_outline_px = 768;
const k_panel_px = 1200;
// What stands around the transcript is drawn four times a second at most.
const k_calm_ms = 250;
const k_no_items: readonly never[] = [];
const k_no_replay = { t: null, speed: 1 } satisfies Partial<SessionView>;

interface LoadedProps {
  store: SessionStore;
  outline: OutlineStore;
  conversation: Conversation;
  span: Span | null;
}

/** What the page is made of: how the session is shown, and what the reader can do with it. */
function useDesk({ store, outline, conversation, span }: LoadedProps) {
  const { session } = conversation.live;
  const is_active = session.status === "ACTIVE";
  const [view, set_view] = useView(session.id);
  const [sight, set_sight] = useState<Sight>({ first: 0, last: 0 });
  const [dialog, set_dialog] = useState<DialogName | null>(null);
  const rail = useSide(k_outline_px, false);
  const panel = useSide(k_panel_px, view.panel !== null);
  const following = useFollowing(store, conversation, view.follow && settings.value.follow && !span);
  const [aim, jump] = useJump(store, conversation, span, following.pause);
  const forget = () => set_view({ find: "" });
  const finder = useFinder({ id: session.id, store, sight, following, jump, text: view.find, forget });
  const agents = useMemo(() => agents_of(session.participants), [session.participants]);
  const items = outline.items.value;
  const replays = view.t !== null && !is_active;
  const replay = useReplay(replays ? items : k_no_items, view.t ?? 0, view.speed);
  const density = view.density ?? settings.value.density;

  const cycle_density = () => {
    set_settings({ density: k_densities[(k_densities.indexOf(density) + 1) % k_densities.length]! });
    if (view.density !== null) set_view({ density: null });
  };
  const to_start = () => {
    following.pause();
    if (conversation.has_earlier) void store.load({ from: "start" });
    else if (conversation.messages[0]) jump(conversation.messages[0].sequenceNumber);
    document.getElementById("main")!.scrollTop = 0;
  };
  const to_end = () => {
    const last = items[items.length - 1];
    if (is_active) following.resume();
    else if (last) jump(last.sequenceNumber);
  };
  const toggle_replay = () => {
    if (replays) return set_view(k_no_replay);
    if (conversation.has_earlier) void store.load({ from: "start" });
    set_view({ t: 0 });
  };
  const play = () => (is_active ? following.toggle() : replays ? replay.toggle() : toggle_replay());
  return {
    session, is_active, view, set_view, sight, set_sight, dialog, set_dialog, rail, panel, following, aim, jump, finder, agents,
    items, replays, replay, density, cycle_density, to_start, to_end, toggle_replay, play,
  };
}

type Desk = ReturnType<typeof useDesk>;

function useSessionCommands(desk: Desk, conversation: Conversation): void {
  const { is_active, play, finder, cycle_density, set_dialog } = desk;
  useCommands("This session", [
    { title: is_active ? "Follow or pause" : "Play or pause the replay", keys: ["Space"], run: play },
    // A second Ctrl F is the browser's own.
    { title: "Find in all messages", keys: finder.is_open ? ["f"] : ["f", "Ctrl F"], run: finder.open },
    { title: "Next hit", keys: ["n"], run: () => finder.store.step(1), keys_only: true },
    { title: "Previous hit", keys: ["N"], run: () => finder.store.step(-1), keys_only: true },
    { title: "Change density", keys: ["d"], run: cycle_density },
    { title: "Export…", run: () => set_dialog("export") },
    ...move_commands({ ...desk, conversation }),
  ]);
}

function SessionHead({ desk }: { desk: Desk }) {
  const { session, view, set_view, following, density, replays, rail, panel, finder, set_dialog } = desk;
  return (
    <Head
      session={session}
      agents={desk.agents}
      shown={view.agents}
      show={(ids) => set_view({ agents: ids })}
      follows={following.follows}
      density={density}
      replays={replays}
      outline_open={rail.is_open}
      panel_open={panel.is_open}
      actions={{
        toggle_follow: following.toggle,
        find: finder.open,
        cycle_density: desk.cycle_density,
        replay: desk.toggle_replay,
        export_it: () => set_dialog("export"),
        outline: rail.toggle,
        panel: panel.toggle,
        more: more_items(session.id, view, set_dialog),
      }}
    />
  );
}

/** What the head shows beside totals. */
const head_facts = ({ session, agents, view, following, density, replays, rail, panel, finder }: Desk): readonly unknown[] => [
  session.status, session.name, agents, view, following.follows, density, replays, rail.is_open, panel.is_open, finder.is_open, may("admin"),
];

function Bars({ desk }: { desk: Desk }) {
  const { finder, replays, replay, view, set_view, sight } = desk;
  return (
    <>
      {finder.is_open && (
        <FindBar store={finder.store} near={sight.first} typed={(text) => set_view({ find: text })} close={finder.close} />
      )}
      {replays && (
        <ReplayBar
          replay={replay}
          speed={view.speed}
          set_speed={(speed) => set_view({ speed })}
          close={() => set_view(k_no_replay)}
        />
      )}
    </>
  );
}

function Body({ desk, store, outline, conversation }: Omit<LoadedProps, "span"> & { desk: Desk }) {
  const { session, view, set_view, sight, agents, items, jump, replays, replay, following, finder } = desk;
  const played: Follow = { mode: replay.playing ? "following" : "paused", held_after: replay.sequence };
  const is_whole = outline.is_whole.value;
  const draw_about = () => (
    <SidePanel {...{ session, agents, items, sight, jump }} name={view.panel ?? "overview"} choose={(panel) => set_view({ panel })} />
  );
  const draw_rail = () => <Outline {...{ items, agents, sight, jump, is_whole }} shown_agents={view.agents} />;
  const about = <Calm draw={draw_about} at_once={[view, agents, session.status]} least_ms={k_calm_ms} />;
  const rail = <Calm draw={draw_rail} at_once={[view, agents, is_whole]} least_ms={k_calm_ms} />;
  return (
    <Columns outline={desk.rail} panel={desk.panel} rail={rail} about={about}>
      <Transcript
        conversation={conversation}
        agents={agents}
        shown_agents={view.agents}
        density={desk.density}
        find={finder.is_open ? finder.store.text.value : ""}
        aim={desk.aim}
        follow={replays ? played : following.follow}
        new_after={following.new_after}
        replays={replays}
        set_follow={(next) => (replays ? replay.pause() : following.change(next))}
        set_sight={desk.set_sight}
        load_earlier={() => void store.load_earlier()}
        load_later={() => void store.load_later()}
        resume={following.resume}
      />
    </Columns>
  );
}

function Loaded(props: LoadedProps) {
  const { store, outline, conversation } = props;
  const desk = useDesk(props);
  const { session, is_active, view, agents } = desk;
  useEffect(() => outline.add(conversation), [conversation]);
  useEffect(() => void read_rights(), []);
  useSessionCommands(desk, conversation);
  useNewHeading();
  useNews(conversation);
  usePageTitle(session_name(session), is_active, useUnseen(session.totalMessages));
  useConnection({
    state: store.stream_state.value,
    paused: is_active && !desk.following.follows,
    last_event_at: store.last_event_at.value,
    retry: () => store.retry_stream(),
  });
  const failure = store.failure.value;
  return (
    <main class="session">
      <Calm draw={() => <SessionHead desk={desk} />} at_once={head_facts(desk)} least_ms={k_calm_ms} />
      {failure && <FailureBox failure={failure} stale_since={null} retry={() => void store.load(null)} />}
      <Bars desk={desk} />
      {view.plain ? (
        <PlainView session={session} agents={agents} back={view_address(session.id, { ...view, plain: false })} />
      ) : (
        <Body desk={desk} {...props} />
      )}
      <Foot store={store} conversation={conversation} agents={agents} />
      <Dialogs name={desk.dialog} session={session} conversation={conversation} sight={desk.sight} close={() => desk.set_dialog(null)} />
    </main>
  );
}

function Loading({ id }: { id: string }) {
  return (
    <main class="page" id="main" tabIndex={-1}>
      <h1 tabIndex={-1} class="unseen">
        Session {reveal(id)}
      </h1>
      <Skeleton />
    </main>
  );
}

export default function SessionPage({ id: given }: PageProps) {
  const id = given!;
  const span = parse_permalink(place.value.hash);
  const store = useMemo(() => new SessionStore(id, shared_stream, span?.first ?? null), [id]);
  const outline = useMemo(() => new OutlineStore(id), [id]);
  useEffect(
    () => () => {
      store.close();
      outline.close();
    },
    [store],
  );
  const conversation = store.conversation.value;
  const failure = store.failure.value;
  if (failure?.status === 404) return <NotFoundPage what="session" />;
  if (conversation) return <Loaded store={store} outline={outline} conversation={conversation} span={span} />;
  if (failure) {
    return (
      <main class="page" id="main" tabIndex={-1}>
        <h1 tabIndex={-1}>Session</h1>
        <FailureBox failure={failure} stale_since={null} retry={() => void store.load(null)} />
      </main>
    );
  }
  return <Loading id={id} />;
}
