import {
  defaultRangeExtractor, elementScroll, observeElementOffset, observeElementRect, Virtualizer,
  type VirtualizerOptions,
} from "@tanstack/virtual-core";
import type { RefObject } from "preact";
import { useCallback, useLayoutEffect, useReducer, useRef, useState } from "preact/hooks";
import type { Density } from "../../core/density";

// Before a row was drawn; a good guess keeps the scrollbar still.
const k_estimated_px: Record<Density, number> = { comfortable: 130, compact: 90, slim: 28 };
const k_overscan = 6;

export interface Virtual {
  list: Virtualizer<HTMLElement, HTMLElement>;
  /** The last place that we ourselves scrolled to: a scroll event there is nobody's wish. */
  own_top: { current: number };
}

/** The rows of a long list that are near the viewport. Heights are kept by key. */
export function useVirtual(scroller: RefObject<HTMLElement>, rows: readonly { key: string }[], density: Density): Virtual {
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const own_top = useRef(-1);

  /** The row that holds the focus stays, however far it is scrolled away. */
  const focused_index = (): number => {
    const row = document.activeElement?.closest<HTMLElement>("[data-index]");
    return row && scroller.current?.contains(row) ? Number(row.dataset.index) : -1;
  };

  // Another function means that every row is placed anew.
  const key_of = useCallback((index: number) => rows[index]!.key, [rows]);
  const options: VirtualizerOptions<HTMLElement, HTMLElement> = {
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => k_estimated_px[density],
    getItemKey: key_of,
    overscan: k_overscan,
    observeElementRect,
    observeElementOffset,
    scrollToFn: (offset, detail, instance) => {
      elementScroll(offset, detail, instance);
      own_top.current = scroller.current?.scrollTop ?? -1;
    },
    rangeExtractor: (range) => {
      const indexes = defaultRangeExtractor(range);
      const focused = focused_index();
      if (focused < 0 || focused >= range.count || indexes.includes(focused)) return indexes;
      return [...indexes, focused].sort((a, b) => a - b);
    },
    onChange: () => redraw(undefined as never),
  };
  const [list] = useState(() => new Virtualizer<HTMLElement, HTMLElement>(options));
  list.setOptions(options);
  useLayoutEffect(() => list._didMount(), []);
  useLayoutEffect(() => list._willUpdate());
  return { list, own_top };
}
