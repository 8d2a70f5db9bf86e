import { href, place } from "../state/router";
import { k_themes, set_theme, theme, type Theme } from "../state/theme";

function ThemeChoice() {
  return (
    <div class="theme">
      <span class="quiet" aria-hidden="true">
        Theme
      </span>
      <select aria-label="Theme" value={theme.value} onChange={(event) => set_theme(event.currentTarget.value as Theme)}>
        {k_themes.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}

export function TopBar() {
  const at_sessions = place.value.path.startsWith("/sessions");
  return (
    <header class="bar">
      <a class="brand" href={href("/sessions")}>
        agentpipe
      </a>
      <nav aria-label="Pages">
        <a href={href("/sessions")} aria-current={at_sessions ? "page" : undefined}>
          Sessions
        </a>
      </nav>
      <ThemeChoice />
    </header>
  );
}
