import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { bytes } from "../core/format";
import { reveal } from "../core/unicode";
import { cached_markdown } from "../markdown/cache";
import { show_image } from "../markdown/images";
import { press_block, restore_blocks } from "./blocks";
import { shorten_data } from "../markdown/render";
import { memo } from "./memo";

const k_clamp_characters = 8_000;
const k_clamp_lines = 40;
// Beyond this the browser is busy for too long with one message: it is shown as it is.
const k_plain_characters = 256_000;

function is_long(text: string): boolean {
  return text.length > k_clamp_characters || text.split("\n", k_clamp_lines + 1).length > k_clamp_lines;
}

// Which long messages are open, kept while a row is scrolled away.
const opened = new Set<string>();

function idle(task: () => void): () => void {
  if (!("requestIdleCallback" in window)) {
    const timer = setTimeout(task, 200);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(task);
  return () => cancelIdleCallback(handle);
}

function Markdown({ name, text }: { name: string; text: string }) {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    place.current!.innerHTML = cached_markdown(name, text);
    restore_blocks(place.current!, name);
  }, [name, text]);
  useEffect(() => {
    const root = place.current!;
    if (!root.querySelector("code[data-lang]")) return;
    // Without the network the code stays as it is: readable, without colours.
    return idle(() => void import("../markdown/highlight").then((module) => module.highlight_blocks(root), () => undefined));
  }, [name, text]);
  const click = (event: MouseEvent) => {
    const chip = (event.target as Element).closest<HTMLElement>("[data-image]");
    if (chip) void show_image(chip);
    else press_block(place.current!, name, event.target as Element);
  };
  return <div ref={place} class="md" dir="auto" onClick={click} />;
}

/** A text as sanitised Markdown; a long one is cut until the reader asks for all of it. */
export const MessageBody = memo(function MessageBody({ id, text: raw }: { id: string; text: string }) {
  const text = useMemo(() => shorten_data(raw), [raw]);
  const [open, set_open] = useState(opened.has(id));
  const long = is_long(text);
  const cut = long && !open;
  const shown = cut ? text.slice(0, k_clamp_characters) : text;
  const show_all = () => {
    opened.add(id);
    set_open(true);
  };
  return (
    <div class={cut ? "body clamped" : "body"}>
      {shown.length > k_plain_characters ? (
        <pre class="plain" tabIndex={0} dir="auto">
          {reveal(shown)}
        </pre>
      ) : (
        <Markdown name={cut ? `${id} cut` : id} text={shown} />
      )}
      {cut && (
        <button type="button" class="show-all" onClick={show_all}>
          Show all ({bytes(new Blob([text]).size)})
        </button>
      )}
    </div>
  );
});
