import { useEffect, useReducer, useRef, useState } from "preact/hooks";
import { get_cached, peek_cached } from "../api/client";
import { failure_of, type Failure } from "./failure";
import { needs_sign_in } from "./signin";

export interface Resource<T> {
  /** The newest answer known, or null before the first. */
  data: T | null;
  /** When `data` was true. */
  at: number | null;
  /** Why the newest request brought nothing; `data` is then older. */
  failure: Failure | null;
  loading: boolean;
  reload(): void;
}

interface State<T> {
  address: string | null;
  data: T | null;
  at: number | null;
  failure: Failure | null;
  loading: boolean;
}

function known<T>(address: string | null): State<T> {
  const cached = address === null ? null : peek_cached<T>(address);
  return { address, data: cached?.body ?? null, at: cached?.at ?? null, failure: null, loading: address !== null };
}

/**
 * The answer to a GET, the last known one at once and the fresh one as soon as it is there. A new address ends the
 * request for the old one. `address` null: nothing is asked for.
 */
export function useResource<T>(address: string | null): Resource<T> {
  const [state, set_state] = useState<State<T>>(() => known(address));
  const [round, reload] = useReducer((n: number) => n + 1, 0);
  const current = state.address === address ? state : known<T>(address);
  const before = useRef(current);
  before.current = current;

  useEffect(() => {
    if (address === null) return;
    const aborter = new AbortController();
    set_state({ ...before.current, loading: true });
    get_cached<T>(address, aborter.signal)
      .then((data) => set_state({ address, data, at: Date.now(), failure: null, loading: false }))
      .catch((error) => {
        if (aborter.signal.aborted || needs_sign_in(error)) return;
        set_state({ ...before.current, address, failure: failure_of(error), loading: false });
      });
    return () => aborter.abort();
  }, [address, round]);

  return { ...current, reload: () => reload(undefined as never) };
}
