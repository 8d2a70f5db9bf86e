// Two frames: a fast stream is drawn in every other one, which nobody can tell from every one, for half the work.
const k_least_gap_ms = 30;
// A frame with room to spare. Where drawing takes longer, on a slow or a busy machine, most frames are left free of it,
// so that scrolling and typing go on.
const k_easy_ms = 20;
const k_free_share = 4;
const k_most_gap_ms = 250;

/** Gathers what comes and hands it over at once: with the next frame, or by a timer while the page is hidden. */
export class Batch<T> {
  private waiting: T[] = [];
  private flushed_at = -Infinity;
  private gap_ms = k_least_gap_ms;
  private frame = 0;
  private timer: number | undefined;

  constructor(
    private readonly flush: (items: T[]) => void,
    private readonly least_ms = 0,
  ) {}

  add(item: T): void {
    this.waiting.push(item);
    if (this.waiting.length > 1) return;
    if (this.least_ms > 0 || document.visibilityState === "hidden") {
      this.timer = setTimeout(this.run, Math.max(this.least_ms, 100));
    } else {
      this.frame = requestAnimationFrame(this.on_frame);
      // A page hidden in between draws no more frames.
      this.timer = setTimeout(this.run, k_most_gap_ms + 250);
    }
  }

  stop(): void {
    this.waiting = [];
    this.cancel();
  }

  private readonly on_frame = (now: number): void => {
    if (now - this.flushed_at < this.gap_ms) {
      this.frame = requestAnimationFrame(this.on_frame);
      return;
    }
    this.run();
    this.flushed_at = now;
    requestAnimationFrame((then) => {
      const ms = then - now;
      this.gap_ms = ms <= k_easy_ms ? k_least_gap_ms : Math.min(k_most_gap_ms, k_free_share * ms);
    });
  };

  private readonly run = (): void => {
    this.cancel();
    const items = this.waiting;
    this.waiting = [];
    if (items.length > 0) this.flush(items);
  };

  private cancel(): void {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
  }
}
