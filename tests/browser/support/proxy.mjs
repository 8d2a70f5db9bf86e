import { once } from "node:events";
import { connect, createServer } from "node:net";

const is_stream = (head) => /^GET \/api\/(realtime\/)?stream[? ]/.test(head);

/**
 * A proxy on a port of its own that can do to event streams what networks do: cut them, or let them starve
 * without closing. Everything else passes through.
 */
export async function start_proxy(target_port) {
  const streams = new Set();
  const sockets = new Set();
  let frozen = new Set();
  let rewrite = (head) => head;
  const heads = [];

  const server = createServer((client) => {
    const upstream = connect(target_port, "127.0.0.1");
    const pair = { client, upstream };
    sockets.add(pair);
    const end = () => {
      sockets.delete(pair);
      streams.delete(pair);
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) socket.on("error", end).on("close", end);
    client.on("data", (bytes) => {
      const head = bytes.toString("latin1");
      if (!is_stream(head)) return void upstream.write(bytes);
      streams.add(pair);
      heads.push(head);
      upstream.write(Buffer.from(rewrite(head), "latin1"));
    });
    upstream.on("data", (bytes) => {
      if (!frozen.has(pair)) client.write(bytes);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");

  const { port } = server.address();
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    /** The request heads of the streams that were opened, oldest first. */
    heads,
    open_streams: () => streams.size,
    cut() {
      for (const { client, upstream } of [...streams]) {
        client.destroy();
        upstream.destroy();
      }
    },
    /** What the streams that are open now have to say is thrown away; those opened later work. */
    freeze: () => void (frozen = new Set(streams)),
    /** Changes the next stream requests on their way to the server. */
    rewrite: (change) => void (rewrite = change),
    async stop() {
      for (const { client, upstream } of [...sockets]) {
        client.destroy();
        upstream.destroy();
      }
      server.close();
      await once(server, "close");
    },
  };
}
