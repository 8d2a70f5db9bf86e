// One connection for all tabs of a browser: held by a shared worker, else by the tab that has the lock, else by each
// tab for itself.

import { Host, RemoteStream, type ToHost, type ToPage } from "./remote";
import { direct_stream, type Stream, type StreamRequest, type Subscription } from "./stream";
import { Switchboard } from "./switchboard";
import { open_worker } from "./worker_script";

const k_name = "agentpipe.stream";

const page_name = (): string => `${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`;

/** Puts a page away and brings it back with the browser's own cache of pages. */
function follow_page(stream: RemoteStream): void {
  addEventListener("offline", () => stream.lose());
  addEventListener("online", () => stream.resume());
  addEventListener("pagehide", () => stream.pause());
  addEventListener("pageshow", (event) => event.persisted && stream.resume());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && stream.retry_now());
}

function by_worker(worker: SharedWorker): Stream {
  const stream = new RemoteStream(page_name(), (message) => worker.port.postMessage(message));
  worker.port.onmessage = (event: MessageEvent<ToPage>) => stream.take(event.data);
  follow_page(stream);
  return stream;
}

type Broadcast = { to: "host"; from: string; message: ToHost } | { to: string; message: ToPage } | { to: "all" };

/** The tab with the lock is the host, also to itself. When it closes, the lock goes to the next one. */
export function by_lock(locks: LockManager, channel: BroadcastChannel, source: Stream): Stream {
  const page = page_name();
  let host: Host | null = null;
  const stream = new RemoteStream(page, (message) => {
    if (host) host.take(message, (answer) => stream.take(answer));
    else channel.postMessage({ to: "host", from: page, message } satisfies Broadcast);
  });
  channel.onmessage = ({ data }: MessageEvent<Broadcast>) => {
    if (data.to === "all") stream.resume();
    else if (data.to === page) stream.take((data as { message: ToPage }).message);
    else if (data.to === "host" && host) {
      const { from, message } = data as Broadcast & { to: "host"; from: string; message: ToHost };
      host.take(message, (answer) => channel.postMessage({ to: from, message: answer } satisfies Broadcast));
    }
  };
  void locks.request(k_name, () => {
    host = new Host(new Switchboard(source));
    stream.resume();
    channel.postMessage({ to: "all" } satisfies Broadcast);
    return new Promise<never>(() => undefined);
  });
  follow_page(stream);
  return stream;
}

// A tab that nobody looks at gives its connection back.
const k_hidden_ms = 60_000;

/** A stream that sleeps while the tab is hidden, and goes on by the last event when it is seen again. */
export function sleeping(source: Stream): Stream {
  const subscribe = (request: StreamRequest): Subscription => {
    let cursor = request.cursor;
    let timer: number | undefined;
    const open = () =>
      source.subscribe({
        ...request,
        cursor,
        on_event: (event) => {
          cursor = event.id ?? cursor;
          request.on_event(event);
        },
      });
    let line: Subscription | null = open();
    const sleep = () => {
      line?.close();
      line = null;
    };
    const on_change = () => {
      clearTimeout(timer);
      if (document.visibilityState === "hidden") timer = setTimeout(sleep, k_hidden_ms);
      else line ??= open();
    };
    document.addEventListener("visibilitychange", on_change);
    return {
      retry_now: () => line?.retry_now(),
      close: () => {
        clearTimeout(timer);
        document.removeEventListener("visibilitychange", on_change);
        sleep();
      },
    };
  };
  return { subscribe };
}

function choose(): Stream {
  const worker = open_worker(k_name);
  if (worker) return by_worker(worker);
  const locks = "locks" in navigator && navigator.locks;
  if (locks && "BroadcastChannel" in window) return by_lock(locks, new BroadcastChannel(k_name), direct_stream);
  return new Switchboard(sleeping(direct_stream));
}

/** What every page subscribes to. */
export const shared_stream: Stream = choose();
