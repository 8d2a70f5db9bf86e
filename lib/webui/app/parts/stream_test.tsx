import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { ping_streams } from "../api/diagnostics";
import type { StreamEvent } from "../api/events";
import { failure_of } from "../state/failure";
import { Button } from "./button";

const k_patience_ms = 10_000;

export type Outcome = { kind: "none" } | { kind: "waiting" } | { kind: "came"; ms: number } | { kind: "failed"; text: string };

export interface StreamTest {
  outcome: Outcome;
  run(): void;
  /** To be given every event of the stream. */
  take(event: StreamEvent): void;
}

/** Has the server send a frame down the stream and takes the time until it is here. */
export function useStreamTest(): StreamTest {
  const outcome = useSignal<Outcome>({ kind: "none" });
  const asked = useRef<{ nonce: string; at: number; timer: number } | null>(null);
  const end = (result: Outcome) => {
    clearTimeout(asked.current?.timer);
    asked.current = null;
    outcome.value = result;
  };
  useEffect(() => () => clearTimeout(asked.current?.timer), []);
  const run = () => {
    const nonce = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    const timer = setTimeout(() => end({ kind: "failed", text: "The frame did not arrive within 10 s. Something between this browser and the server holds the stream back." }), k_patience_ms);
    asked.current = { nonce, at: performance.now(), timer };
    outcome.value = { kind: "waiting" };
    ping_streams(nonce).catch((error) => end({ kind: "failed", text: failure_of(error).text }));
  };
  const take = (event: StreamEvent) => {
    if (event.type !== "diagnostic.ping" || event.data.nonce !== asked.current?.nonce) return;
    end({ kind: "came", ms: performance.now() - asked.current!.at });
  };
  return { outcome: outcome.value, run, take };
}

export function StreamTestBox({ test }: { test: StreamTest }) {
  const { outcome } = test;
  return (
    <div class="test-line">
      <Button label="Test the stream" icon="retry" disabled={outcome.kind === "waiting"} onClick={test.run}>
        Test stream
      </Button>
      <p role="status">
        {outcome.kind === "none" && <span class="quiet">Has the server send a frame down the open stream and takes the time.</span>}
        {outcome.kind === "waiting" && <span class="quiet">Waiting for the frame…</span>}
        {outcome.kind === "came" && (
          <span class="good" data-round-trip={outcome.ms}>
            <span aria-hidden="true">✓</span> There and back in {outcome.ms.toFixed(outcome.ms < 10 ? 1 : 0)} ms
          </span>
        )}
        {outcome.kind === "failed" && (
          <span class="bad">
            <span aria-hidden="true">✕</span> {outcome.text}
          </span>
        )}
      </p>
    </div>
  );
}
