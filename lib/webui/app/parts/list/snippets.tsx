import type { SearchMatch } from "../../api/types";
import { plural } from "../../core/format";
import { session_path } from "../../core/routes";
import { reveal } from "../../core/unicode";
import { permalink } from "../../core/url";
import type { Found } from "../../state/list_source";
import { href } from "../../state/router";

const k_places: Record<SearchMatch["field"], string> = { message: "", name: "Name", prompt: "Prompt" };

/** The server counts no further in one session. */
const k_counted = 100;

function Snippet({ id, match }: { id: string; match: SearchMatch }) {
  const to = session_path(id) + (match.sequenceNumber === null ? "" : permalink(match.sequenceNumber));
  const place = match.sequenceNumber === null ? k_places[match.field] : `#${match.sequenceNumber}`;
  return (
    <li>
      <a href={href(to)} dir="auto">
        <span class="quiet snippet-place">
          {place} {match.agentName && <bdi>{reveal(match.agentName)}</bdi>}
        </span>
        {match.snippet.map(({ text, hit }, i) => (hit ? <mark key={i}>{reveal(text)}</mark> : reveal(text)))}
      </a>
    </li>
  );
}

/** Where the text was found, each place a link to it. */
export function Snippets({ id, found }: { id: string; found: Found }) {
  const more = found.hits - found.matches.length;
  return (
    <ul class="snippets" aria-label={plural(found.hits, "hit")}>
      {found.matches.map((match, i) => (
        <Snippet key={i} id={id} match={match} />
      ))}
      {more > 0 && (
        <li class="quiet">
          and {found.hits < k_counted ? "" : "at least "}
          {plural(more, "more hit")}
        </li>
      )}
    </ul>
  );
}
