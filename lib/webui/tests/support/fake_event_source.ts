/** An EventSource whose server is the test. */
export class FakeEventSource {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSED = 2;
  static opened: FakeEventSource[] = [];

  readyState: number = FakeEventSource.CONNECTING;
  closed = false;
  onopen: (() => void) | null = null;
  onmessage: ((frame: { data: string; lastEventId: string }) => void) | null = null;
  onerror: (() => void) | null = null;

  constructor(readonly url: string) {
    FakeEventSource.opened.push(this);
  }

  open(): void {
    this.readyState = FakeEventSource.OPEN;
    this.onopen?.();
  }

  send(frame: object, last_event_id: string): void {
    this.onmessage?.({ data: JSON.stringify(frame), lastEventId: last_event_id });
  }

  fail(state: "CONNECTING" | "CLOSED"): void {
    this.readyState = FakeEventSource[state];
    this.onerror?.();
  }

  close(): void {
    this.closed = true;
  }
}
