// The shared worker: holds the one connection of this browser.

import { Host, type ToHost } from "./api/remote";
import { direct_stream } from "./api/stream";
import { Switchboard } from "./api/switchboard";

const host = new Host(new Switchboard(direct_stream));

addEventListener("connect", (event) => {
  const port = (event as MessageEvent).ports[0]!;
  port.onmessage = (message: MessageEvent<ToHost>) => host.take(message.data, (answer) => port.postMessage(answer));
});
