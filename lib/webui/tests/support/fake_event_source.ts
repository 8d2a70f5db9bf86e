/** An EventSource whose server is the test. */
export class FakeEventSource {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSED = 2;
  static opened: FakeEventSource[] = [];

  readyState: number = FakeEventSource.CONNECTING;
  closed = false;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;

  constructor(readonly url: string) {
    FakeEventSource.opened.push(this);
  }

  private readonly listeners = new Map<string, (frame: { data: string; lastEventId: string }) => void>();

  addEventListener(type: string, listener: (frame: { data: string; lastEventId: string }) => void): void {
    this.listeners.set(type, listener);
  }

  open(): void {
    this.readyState = FakeEventSource.OPEN;
    this.onopen?.();
  }

  /** A frame with a name, or one without that every listener of plain messages gets. */
  send(frame: { type: string; data?: object }, last_event_id: string, name = "message"): void {
    this.listeners.get(name)?.({ data: JSON.stringify(frame), lastEventId: last_event_id });
  }

  fail(state: "CONNECTING" | "CLOSED"): void {
    this.readyState = FakeEventSource[state];
    this.onerror?.();
  }

  close(): void {
    this.closed = true;
  }
}
