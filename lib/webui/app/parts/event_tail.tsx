import { useState } from "preact/hooks";
import { types_in, type TailLine } from "../core/event_tail";
import { plural } from "../core/format";
import { session_path } from "../core/routes";
import { reveal } from "../core/unicode";
import { href } from "../state/router";
import { Button } from "./button";
import { ClockTime } from "./time";

interface Props {
  lines: readonly TailLine[];
  paused: boolean;
  toggle(): void;
}

/** What the stream brings, newest first, without its contents. */
export function EventTail({ lines, paused, toggle }: Props) {
  const [type, set_type] = useState("");
  const shown = lines.filter((line) => type === "" || line.type === type);
  return (
    <section class="diagnosis">
      <div class="section-head">
        <h2>Events</h2>
        <select aria-label="Kind of event" value={type} onChange={(event) => set_type(event.currentTarget.value)}>
          <option value="">every kind</option>
          {types_in(lines).map((name) => (
            <option key={name} value={name}>
              {reveal(name)}
            </option>
          ))}
        </select>
        <Button label={paused ? "Go on" : "Pause the list"} icon={paused ? "play" : "pause"} pressed={paused} onClick={toggle}>
          {paused ? "Go on" : "Pause"}
        </Button>
        <span class="quiet small">{plural(shown.length, "event")}</span>
      </div>
      {shown.length === 0 ? (
        <p class="quiet small">Nothing has come since this page was opened.</p>
      ) : (
        <div class="scroll-box tail" tabIndex={0} role="region" aria-label="Events">
          <table class="table-plain">
            <thead>
              <tr>
                <th scope="col">Time</th>
                <th scope="col">Kind</th>
                <th scope="col">Session</th>
                <th scope="col">Number</th>
              </tr>
            </thead>
            <tbody>
              {shown.map(({ key, timestamp, type: kind, conversation, id }) => (
                <tr key={key}>
                  <td>{timestamp && <ClockTime iso={timestamp} />}</td>
                  <td>{reveal(kind)}</td>
                  <td>{conversation ? <a href={href(session_path(conversation))}>{reveal(conversation)}</a> : <span class="quiet">—</span>}</td>
                  <td class="quiet">{id === null ? "—" : id.slice(id.lastIndexOf("-") + 1)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
