import { Component, type ComponentChildren } from "preact";

interface Props {
  /** Draws the newest state of things. */
  draw(): ComponentChildren;
  /** At once when one of these is another value; for all else every so many milliseconds at most. */
  at_once: readonly unknown[];
  least_ms: number;
}

/** What is dearer to draw than it is worth for every single message of a fast stream. */
export class Calm extends Component<Props> {
  private drawn_at = 0;
  private timer: number | undefined;

  private readonly draw_again = (): void => {
    this.timer = undefined;
    this.forceUpdate();
  };

  shouldComponentUpdate({ at_once, least_ms }: Props): boolean {
    const wait = this.drawn_at + least_ms - performance.now();
    if (wait <= 0 || at_once.some((value, i) => value !== this.props.at_once[i])) return true;
    this.timer ??= setTimeout(this.draw_again, wait);
    return false;
  }

  componentWillUnmount(): void {
    clearTimeout(this.timer);
  }

  render(): ComponentChildren {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.drawn_at = performance.now();
    return this.props.draw();
  }
}
