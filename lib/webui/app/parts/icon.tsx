/** The symbols of icons.svg, which the build puts into the page itself. */
export type IconName =
  | "sessions" | "dashboard" | "upload" | "diagnostics" | "settings" | "search" | "system" | "light" | "dark" | "contrast"
  | "close" | "check" | "back" | "down" | "up" | "chevron" | "more" | "play" | "pause" | "follow" | "density" | "export"
  | "share" | "link" | "copy" | "trash" | "edit" | "grid" | "list" | "filter" | "outline" | "panel" | "tool" | "thinking"
  | "warning" | "retry" | "key" | "file" | "expand";

/** Never the only name of a thing: the words stand beside it, or in the label of its button. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" aria-hidden="true" viewBox="0 0 16 16">
      <use href={`#i-${name}`} />
    </svg>
  );
}
