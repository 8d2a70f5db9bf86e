import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Dialog } from "../dialog";
import { useWide } from "./use_wide";

/** A column beside the transcript; where there is no room for it, a sheet over it. */
export interface Side {
  is_column: boolean;
  is_open: boolean;
  toggle(): void;
  close(): void;
}

/** As a column it is open from the start, as a sheet when it is asked for. */
export function useSide(least_px: number, asked_for: boolean): Side {
  const is_column = useWide(least_px);
  const [is_open, set_open] = useState(is_column || asked_for);
  useEffect(() => set_open(is_column || asked_for), [is_column]);
  return { is_column, is_open, toggle: () => set_open(!is_open), close: () => set_open(false) };
}

interface Props {
  outline: Side;
  panel: Side;
  rail: ComponentChildren;
  about: ComponentChildren;
  children: ComponentChildren;
}

export function Columns({ outline, panel, rail, about, children }: Props) {
  const [with_rail, with_about] = [outline, panel].map((side) => side.is_column && side.is_open);
  return (
    <div class={`session-body${with_rail ? " with-outline" : ""}${with_about ? " with-panel" : ""}`}>
      {with_rail && rail}
      {children}
      {with_about && about}
      {!outline.is_column && outline.is_open && (
        <Dialog title="Outline" shape="sheet" close={outline.close}>
          {rail}
        </Dialog>
      )}
      {!panel.is_column && panel.is_open && (
        <Dialog title="About this session" shape="sheet" close={panel.close}>
          {about}
        </Dialog>
      )}
    </div>
  );
}
