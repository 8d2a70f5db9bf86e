import { Component, type ComponentChildren, type FunctionComponent } from "preact";

/** Draws a component again only when one of its properties is another value. */
export function memo<P extends object>(draw: FunctionComponent<P>): FunctionComponent<P> {
  class Memo extends Component<P> {
    shouldComponentUpdate(next: Readonly<P>): boolean {
      const now = this.props as Record<string, unknown>;
      const then = next as Record<string, unknown>;
      return Object.keys({ ...now, ...then }).some((key) => now[key] !== then[key]);
    }
    render(): ComponentChildren {
      const Draw = draw;
      return <Draw {...(this.props as P)} />;
    }
  }
  return Memo as unknown as FunctionComponent<P>;
}
