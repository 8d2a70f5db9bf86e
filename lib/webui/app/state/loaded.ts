import { batch, signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { failure_of, type Failure } from "./failure";
import { needs_sign_in } from "./signin";

/** An answer of the server: the last one stays while a newer one is on its way, or fails to come. */
export class Loaded<T> {
  readonly value = signal<T | null>(null);
  readonly failure = signal<Failure | null>(null);
  readonly loading = signal(false);
  readonly loaded_at = signal<number | null>(null);
  private aborter = new AbortController();

  constructor(private ask: (signal: AbortSignal) => Promise<T>) {}

  /** Asks; a question that is still open is given up. */
  async load(): Promise<void> {
    this.aborter.abort();
    const { signal: mine } = (this.aborter = new AbortController());
    this.loading.value = true;
    try {
      const value = await this.ask(mine);
      if (mine.aborted) return;
      batch(() => {
        this.value.value = value;
        this.failure.value = null;
        this.loaded_at.value = Date.now();
      });
    } catch (error) {
      if (!mine.aborted && !needs_sign_in(error)) this.failure.value = failure_of(error);
    } finally {
      if (!mine.aborted) this.loading.value = false;
    }
  }

  /** Asks another question from now on; what is known stays until its answer comes. */
  change(ask: (signal: AbortSignal) => Promise<T>): Promise<void> {
    this.ask = ask;
    return this.load();
  }

  close(): void {
    this.aborter.abort();
  }
}

/** Asked when the component comes and whenever `key` changes. */
export function useLoaded<T>(key: string, ask: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const loaded = useMemo(() => new Loaded(ask), []);
  useEffect(() => void loaded.change(ask), [key]);
  useEffect(() => () => loaded.close(), []);
  return loaded;
}
