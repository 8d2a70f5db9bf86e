import { useMemo } from "preact/hooks";
import { session_path } from "../../core/routes";
import { format_session_view, parse_session_view, type SessionView } from "../../core/session_url";
import { navigate, place } from "../../state/router";

export type SetView = (change: Partial<SessionView>) => void;

/** The part of the address that says how the session is shown. */
export function useView(id: string): [SessionView, SetView] {
  const { search } = place.value;
  const view = useMemo(() => parse_session_view(search), [search]);
  const set_view = (change: Partial<SessionView>) => {
    const next = { ...parse_session_view(place.value.search), ...change };
    navigate(session_path(id) + format_session_view(next) + place.value.hash, "replace");
  };
  return [view, set_view];
}
