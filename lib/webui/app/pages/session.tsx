import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { base } from "../api/base";
import { shared_stream } from "../api/shared_stream";
import { agents_of } from "../core/agents";
import { hold_mark, type Conversation } from "../core/conversation";
import { k_densities } from "../core/density";
import { following, step, type Follow } from "../core/follow";
import { session_path } from "../core/routes";
import { format_session_view, parse_session_view, type SessionView } from "../core/session_url";
import { reveal } from "../core/unicode";
import { parse_permalink, type Span } from "../core/url";
import { copy_text } from "../parts/copy";
import { DeleteDialog } from "../parts/delete_dialog";
import { Dialog } from "../parts/dialog";
import type { MenuItem } from "../parts/menu";
import { FailureBox } from "../parts/notice";
import { usePageTitle } from "../parts/page_title";
import { ExportDialog } from "../parts/session/export_dialog";
import { FindBar } from "../parts/session/find_bar";
import { Foot } from "../parts/session/foot";
import { Head } from "../parts/session/head";
import { useNews, useUnseen } from "../parts/session/news";
import { Outline } from "../parts/session/outline";
import { PlainView } from "../parts/session/plain";
import { ReplayBar } from "../parts/session/replay_bar";
import { ShareDialog } from "../parts/session/share_dialog";
import { SidePanel } from "../parts/session/side_panel";
import { first_follow, Transcript, type Aim, type Sight } from "../parts/session/transcript";
import { move_commands } from "../parts/session/use_moves";
import { useReplay } from "../parts/session/use_replay";
import { useWide } from "../parts/session/use_wide";
import { session_name } from "../parts/session_facts";
import { Skeleton } from "../parts/skeleton";
import { useCommands } from "../state/commands";
import { useConnection } from "../state/connection";
import { FindStore } from "../state/find_store";
import { OutlineStore } from "../state/outline_store";
import { may, read_rights } from "../state/rights";
import { list_address, navigate, place } from "../state/router";
import { SessionStore } from "../state/session_store";
import { set_settings, settings } from "../state/settings";
import { NotFoundPage } from "./not_found";
import type { PageProps } from "./table";

const k_outline_px = 768;
const k_panel_px = 1200;
// How long "New" stands above what came while the reader was reading.
const k_new_ms = 10_000;
const k_no_items: readonly never[] = [];

type DialogName = "export" | "share" | "delete";

/** The part of the address that says how the session is shown. */
function useView(id: string): [SessionView, (change: Partial<SessionView>, how?: "push" | "replace") => void] {
  const { search } = place.value;
  const view = useMemo(() => parse_session_view(search), [search]);
  const set_view = (change: Partial<SessionView>, how: "push" | "replace" = "replace") => {
    const next = { ...parse_session_view(place.value.search), ...change };
    navigate(session_path(id) + format_session_view(next) + place.value.hash, how);
  };
  return [view, set_view];
}

/** Following, and the line above what came meanwhile. */
function useFollowing(store: SessionStore, conversation: Conversation, wanted: boolean) {
  const [follow, set_follow] = useState<Follow>(() => first_follow(conversation.live.session.status === "ACTIVE", wanted));
  const [new_after, set_new_after] = useState(Infinity);
  useEffect(() => {
    if (new_after === Infinity) return;
    const timer = setTimeout(() => set_new_after(Infinity), k_new_ms);
    return () => clearTimeout(timer);
  }, [new_after]);
  const change = (next: Follow) => {
    if (next.mode === "following" && follow.held_after !== Infinity) set_new_after(follow.held_after);
    set_follow(next);
  };
  const pause = () => change(step(follow, { kind: "read", newest: hold_mark(conversation) }));
  const resume = () => {
    if (conversation.has_later) void store.load({ from: "end" });
    change(following);
  };
  return { follow, new_after, change, pause, resume };
}

/** Brings the reader to a message, wherever it is. */
function useJump(store: SessionStore, conversation: Conversation, span: Span | null, pause: () => void) {
  const [aim, set_aim] = useState<Aim | null>(span && { span, focus: false });
  const latest = useRef(conversation);
  latest.current = conversation;
  const bring = (to: Span, focus: boolean) => {
    pause();
    set_aim({ span: to, focus });
    if (!latest.current.messages.some((message) => message.sequenceNumber === to.first)) void store.load({ around: to.first });
  };
  const is_first = useRef(true);
  useEffect(() => {
    if (span && !is_first.current) bring(span, false);
    is_first.current = false;
  }, [span?.first, span?.last]);
  return { aim, jump: (sequence: number, focus = false) => bring({ first: sequence, last: sequence }, focus) };
}

function useFind(id: string, store: SessionStore, jump: (sequence: number) => void): FindStore {
  const latest = useRef(jump);
  latest.current = jump;
  const find = useMemo(() => new FindStore(id, () => store.conversation.peek(), (sequence) => latest.current(sequence)), [id]);
  useEffect(() => () => find.close(), [find]);
  return find;
}

interface LoadedProps {
  store: SessionStore;
  outline: OutlineStore;
  conversation: Conversation;
  span: Span | null;
}

function mean_bytes({ messages }: Conversation): number {
  const total = messages.reduce((sum, { content }) => sum + content.length, 0);
  return messages.length === 0 ? 0 : total / messages.length;
}

function Loaded({ store, outline, conversation, span }: LoadedProps) {
  const { session } = conversation.live;
  const { id } = session;
  const is_active = session.status === "ACTIVE";
  const [view, set_view] = useView(id);
  const agents = useMemo(() => agents_of(session.participants), [session.participants]);
  const [sight, set_sight] = useState<Sight>({ first: 0, last: 0 });
  const [dialog, set_dialog] = useState<DialogName | null>(null);
  const [has_outline, has_panel] = [useWide(k_outline_px), useWide(k_panel_px)];
  const [outline_open, set_outline_open] = useState(has_outline);
  const [panel_open, set_panel_open] = useState(has_panel || view.panel !== null);
  // Where there is room they are columns and open; over the text they open when they are asked for.
  useEffect(() => set_outline_open(has_outline), [has_outline]);
  useEffect(() => set_panel_open(has_panel || view.panel !== null), [has_panel]);
  const { follow, new_after, change, pause, resume } = useFollowing(store, conversation, view.follow && settings.value.follow && !span);
  const { aim, jump } = useJump(store, conversation, span, pause);
  const find = useFind(id, store, jump);
  const [finds, set_finds] = useState(view.find !== "");
  const before_find = useRef({ sequence: 0, follows: false });
  const density = view.density ?? settings.value.density;
  const items = outline.items.value;
  const replays = view.t !== null && !is_active;
  const replay = useReplay(replays ? items : k_no_items, view.t ?? 0, view.speed);

  useEffect(() => outline.add(conversation), [conversation]);
  useEffect(() => void read_rights(), []);
  useEffect(() => {
    if (view.find !== "") find.search(view.find, sight.first);
  }, []);
  useNews(conversation);
  usePageTitle(session_name(session), is_active, useUnseen(session.totalMessages));
  const follows = follow.mode === "following";
  useConnection({
    state: store.stream_state.value,
    paused: is_active && !follows,
    last_event_at: store.last_event_at.value,
    retry: () => store.retry_stream(),
  });

  const toggle_follow = () => (follows ? pause() : resume());
  const open_find = () => {
    if (!finds) before_find.current = { sequence: sight.first, follows };
    pause();
    set_finds(true);
  };
  const close_find = () => {
    set_finds(false);
    find.search("", 0);
    set_view({ find: "" });
    const { sequence, follows: followed } = before_find.current;
    if (followed) resume();
    else if (sequence > 0) jump(sequence);
    document.getElementById("main")?.focus({ preventScroll: true });
  };
  const cycle_density = () => {
    const next = k_densities[(k_densities.indexOf(density) + 1) % k_densities.length]!;
    set_settings({ density: next });
    if (view.density !== null) set_view({ density: null });
  };
  const start_replay = () => {
    if (replays) return set_view({ t: null, speed: 1 });
    if (conversation.has_earlier) void store.load({ from: "start" });
    set_view({ t: 0 });
  };
  const to_start = () => {
    pause();
    if (conversation.has_earlier) void store.load({ from: "start" });
    else if (conversation.messages[0]) jump(conversation.messages[0].sequenceNumber);
    document.getElementById("main")!.scrollTop = 0;
  };
  const to_end = () => {
    if (is_active) return resume();
    const last = items[items.length - 1];
    if (last) jump(last.sequenceNumber);
  };
  const plain = `${base}${session_path(id)}${format_session_view({ ...view, plain: true })}`;
  const more: MenuItem[] = [
    { text: "Copy link", icon: "link", run: () => void copy_text(location.origin + base + session_path(id)) },
    ...(may("admin") ? [{ text: "Share…", icon: "share" as const, run: () => set_dialog("share") }] : []),
    { text: "Plain view", icon: "file", href: plain },
    { text: "Raw JSON", icon: "tool", href: `${base}/api${session_path(id)}` },
    ...(may("admin") ? [{ text: "Delete…", icon: "trash" as const, danger: true, run: () => set_dialog("delete") }] : []),
  ];
  useCommands("This session", [
    { title: is_active ? "Follow or pause" : "Play or pause the replay", keys: ["Space"], run: () => (is_active ? toggle_follow() : replays ? replay.toggle() : start_replay()) },
    { title: "Find in all messages", keys: finds ? ["f"] : ["f", "Ctrl F"], run: open_find },
    { title: "Next hit", keys: ["n"], run: () => find.step(1), keys_only: true },
    { title: "Previous hit", keys: ["N"], run: () => find.step(-1), keys_only: true },
    { title: "Change density", keys: ["d"], run: cycle_density },
    { title: "Export…", run: () => set_dialog("export") },
    ...move_commands({ conversation, items, sight, jump, to_start, to_end }),
  ]);

  const failure = store.failure.value;
  const panel_props = { session, agents, items, sight, jump };
  const panel = <SidePanel {...panel_props} name={view.panel ?? "overview"} choose={(name) => set_view({ panel: name })} />;
  const rail = (
    <Outline items={items} is_whole={outline.is_whole.value} agents={agents} shown_agents={view.agents} sight={sight} jump={jump} />
  );
  const shown_follow: Follow = replays ? { mode: replay.playing ? "following" : "paused", held_after: replay.sequence } : follow;
  return (
    <main class="session">
      <Head
        session={session}
        agents={agents}
        shown={view.agents}
        show={(ids) => set_view({ agents: ids })}
        follows={follows}
        density={density}
        replays={replays}
        outline_open={outline_open}
        panel_open={panel_open}
        actions={{
          toggle_follow,
          find: open_find,
          cycle_density,
          replay: start_replay,
          export_it: () => set_dialog("export"),
          outline: () => set_outline_open(!outline_open),
          panel: () => set_panel_open(!panel_open),
          more,
        }}
      />
      {failure && <FailureBox failure={failure} stale_since={null} retry={() => void store.load(null)} />}
      {finds && <FindBar store={find} near={sight.first} typed={(text) => set_view({ find: text })} close={close_find} />}
      {replays && (
        <ReplayBar replay={replay} speed={view.speed} set_speed={(speed) => set_view({ speed })} close={() => set_view({ t: null, speed: 1 })} />
      )}
      {view.plain ? (
        <PlainView session={session} agents={agents} back={`${base}${session_path(id)}${format_session_view({ ...view, plain: false })}`} />
      ) : (
        <div class={`session-body${has_outline && outline_open ? " with-outline" : ""}${has_panel && panel_open ? " with-panel" : ""}`}>
          {has_outline && outline_open && rail}
          <Transcript
            conversation={conversation}
            agents={agents}
            shown_agents={view.agents}
            density={density}
            find={finds ? find.text.value : ""}
            aim={aim}
            follow={shown_follow}
            new_after={new_after}
            replays={replays}
            set_follow={(next) => (replays ? replay.pause() : change(next))}
            set_sight={set_sight}
            load_earlier={() => void store.load_earlier()}
            load_later={() => void store.load_later()}
            resume={resume}
          />
          {has_panel && panel_open && panel}
        </div>
      )}
      <Foot store={store} conversation={conversation} agents={agents} />
      {!has_panel && panel_open && (
        <Dialog title="About this session" shape="sheet" close={() => set_panel_open(false)}>
          {panel}
        </Dialog>
      )}
      {!has_outline && outline_open && (
        <Dialog title="Outline" shape="sheet" close={() => set_outline_open(false)}>
          {rail}
        </Dialog>
      )}
      {dialog === "export" && (
        <ExportDialog session={session} mean_bytes={mean_bytes(conversation)} first={sight.first} last={sight.last} close={() => set_dialog(null)} />
      )}
      {dialog === "share" && <ShareDialog session={session} close={() => set_dialog(null)} />}
      {dialog === "delete" && (
        <DeleteDialog ids={[id]} name={session_name(session)} close={() => set_dialog(null)} done={() => navigate(list_address.value)} />
      )}
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
