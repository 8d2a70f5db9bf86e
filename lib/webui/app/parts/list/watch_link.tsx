import type { Session } from "../../api/types";
import { session_path } from "../../core/routes";
import { href } from "../../state/router";
import { Icon } from "../icon";
import { session_name } from "../session_facts";

/** A running session is followed as soon as it is open. */
export function WatchLink({ session }: { session: Session }) {
  return (
    <a class="button watch-link" href={href(session_path(session.id))} aria-label={`Watch live: ${session_name(session)}`}>
      <Icon name="play" />
      <span>Watch live</span>
    </a>
  );
}
