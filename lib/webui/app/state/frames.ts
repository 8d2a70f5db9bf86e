/** Gathers what comes and hands it over at once: with the next frame, or by a timer while the page is hidden. */
export class Batch<T> {
  private waiting: T[] = [];
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
      this.frame = requestAnimationFrame(this.run);
      // A page hidden in between draws no more frames.
      this.timer = setTimeout(this.run, 250);
    }
  }

  stop(): void {
    this.waiting = [];
    this.cancel();
  }

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
