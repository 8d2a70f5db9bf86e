import { useEffect, useRef, useState } from "preact/hooks";
import { base } from "../api/base";
import { get_health, type OnDuplicate } from "../api/upload";
import { bytes, plural } from "../core/format";
import { sums } from "../core/upload_queue";
import { Button } from "../parts/button";
import { Icon } from "../parts/icon";
import { usePageTitle } from "../parts/page_title";
import { k_wishes, UploadRow } from "../parts/upload_row";
import { announce } from "../state/announce";
import { href } from "../state/router";
import { uploads } from "../state/upload_store";

const k_accepted = ".json,.jsonl,.ndjson,.log,.md,.txt,.zip";
const k_longest_name = 60;

/** Text from the clipboard, as the file it would be. */
function pasted_file(text: string): File {
  const kind = /^\s*[[{]/.test(text) ? (/\}\s*\n\s*\{/.test(text) ? "jsonl" : "json") : "log";
  return new File([text], `pasted.${kind}`.slice(-k_longest_name), { type: "text/plain" });
}

function files_of(transfer: DataTransfer | null): File[] {
  const files = [...(transfer?.files ?? [])];
  const text = files.length === 0 ? (transfer?.getData("text/plain") ?? "") : "";
  return text.trim() === "" ? files : [pasted_file(text)];
}

/** Files may be dropped and pasted anywhere on the page. */
function useDrop(): boolean {
  const [over, set_over] = useState(false);
  useEffect(() => {
    const away = new AbortController();
    const on = <Name extends "dragover" | "dragleave" | "drop" | "paste">(name: Name, take: (event: DocumentEventMap[Name]) => void) =>
      document.addEventListener(name, take, { signal: away.signal });
    on("dragover", (event) => {
      event.preventDefault();
      set_over(true);
    });
    on("dragleave", (event) => event.relatedTarget === null && set_over(false));
    on("drop", (event) => {
      event.preventDefault();
      set_over(false);
      uploads.add(files_of(event.dataTransfer));
    });
    on("paste", (event) => {
      if (!(event.target instanceof HTMLInputElement)) uploads.add(files_of(event.clipboardData));
    });
    return () => away.abort();
  }, []);
  return over;
}

function DropZone({ over }: { over: boolean }) {
  const input = useRef<HTMLInputElement>(null);
  const most = uploads.most_bytes.value;
  const choose = () => {
    uploads.add(input.current!.files ?? []);
    input.current!.value = "";
  };
  return (
    <div class={over ? "drop over" : "drop"}>
      <input ref={input} type="file" multiple accept={k_accepted} hidden onChange={choose} aria-label="Files to upload" />
      <button type="button" class="drop-button" onClick={() => input.current!.click()}>
        <Icon name="upload" />
        <span>
          <b>Choose files</b>, drop them here, or paste their text
        </span>
        <span class="quiet small">
          .json .jsonl .ndjson .log .md .txt .zip{most !== null && `, each up to ${bytes(most)}`}
        </span>
      </button>
    </div>
  );
}

function DuplicateChoice() {
  const choose = (event: Event) => (uploads.on_duplicate.value = (event.currentTarget as HTMLSelectElement).value as OnDuplicate);
  return (
    <label class="group-choice">
      <span class="quiet">Sessions that are here already</span>
      <select value={uploads.on_duplicate.value} onChange={choose}>
        {k_wishes.map(({ value, word }) => (
          <option key={value} value={value}>
            {word.toLowerCase()}
          </option>
        ))}
      </select>
    </label>
  );
}

function Summary() {
  const items = uploads.items.value;
  const { files, done, failed, stored, messages, unchanged } = sums(items);
  const waiting = items.filter(({ state }) => state.kind === "duplicate").length;
  const lost = items.some(({ state }) => state.kind === "failed" && state.may_retry);
  const words = [
    `${done + failed} of ${plural(files, "file")} done`,
    stored > 0 && `${plural(stored, "session")} stored, ${plural(messages, "message")} added`,
    unchanged > 0 && `${unchanged} already here`,
    failed > 0 && `${failed} failed`,
  ].filter(Boolean);
  const text = words.join(" · ");
  const is_over = done + failed === files;
  useEffect(() => {
    if (is_over) announce(`${text}.`);
  }, [is_over, text]);
  return (
    <div class="upload-summary">
      <p data-summary="">{text}</p>
      <div class="upload-actions">
        {waiting > 1 && <Button label="Keep both of all" onClick={() => uploads.settle_all("keep_both")}>Keep both of all</Button>}
        {lost && <Button label="Retry all that failed" icon="retry" onClick={() => uploads.retry_all()}>Retry failed</Button>}
        {done > 0 && <Button label="Remove what is done from this list" kind="quiet" onClick={() => uploads.clear_done()}>Clear done</Button>}
        {stored > 0 && <a class="button" href={href("/sessions?source=cli-upload&sort=updated")}>All uploads</a>}
      </div>
    </div>
  );
}

function FromTheShell() {
  return (
    <section class="empty">
      <h2>From the command line</h2>
      <p>The same files, folders of them, and all that the agents on a machine keep:</p>
      <pre tabIndex={0}>
        <code>agentpipe-bridge upload --all --url {location.origin + base}</code>
      </pre>
    </section>
  );
}

export default function UploadPage() {
  usePageTitle("Upload", false);
  const over = useDrop();
  const items = uploads.items.value;
  useEffect(() => {
    get_health().then(({ limits }) => (uploads.most_bytes.value = limits.upload_bytes ?? null), () => undefined);
  }, []);
  return (
    <main class="page" id="main" tabIndex={-1}>
      <div class="page-head">
        <h1 tabIndex={-1}>Upload</h1>
        <DuplicateChoice />
      </div>
      <DropZone over={over} />
      {items.length > 0 ? (
        <>
          <Summary />
          <ul class="upload-list">
            {items.map((item) => (
              <UploadRow key={item.id} item={item} />
            ))}
          </ul>
        </>
      ) : (
        <FromTheShell />
      )}
    </main>
  );
}
