import { useMemo } from "preact/hooks";
import { ansi_runs } from "../../core/ansi";
import { bytes, count } from "../../core/format";
import { reveal } from "../../core/unicode";
import { CopyButton } from "../copy_button";
import { useFold } from "./fold";

const k_lines = 40;
const k_characters = 8_000;

function cut_text(text: string): string {
  return text.split("\n", k_lines).join("\n").slice(0, k_characters);
}

/** Text as a program wrote it: input and output of tools. */
export function RawText({ id, label, text }: { id: string; label: string; text: string }) {
  const [open, toggle] = useFold(`raw ${id}`, false);
  const short = useMemo(() => cut_text(text), [text]);
  const is_long = short.length < text.length;
  const runs = useMemo(() => ansi_runs(is_long && !open ? short : text), [text, open]);
  return (
    <div class="raw">
      <div class="raw-head quiet">
        <span>{label}</span>
        <CopyButton label={`Copy ${label.toLowerCase()}`} text={() => text} />
      </div>
      <pre tabIndex={0} dir="auto">
        {runs.map((run, i) => (run.classes ? <span key={i} class={run.classes}>{reveal(run.text)}</span> : reveal(run.text)))}
      </pre>
      {is_long && (
        <button type="button" class="link" onClick={toggle}>
          {open ? "Show less" : `Show all (${count(text.split("\n").length)} lines, ${bytes(text.length)})`}
        </button>
      )}
    </div>
  );
}
