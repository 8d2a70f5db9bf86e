import { useEffect } from "preact/hooks";
import { k_pages } from "../pages/table";
import { connection } from "../state/connection";
import { live_count } from "../state/live_count";
import { href, place } from "../state/router";
import { k_theme_names, k_themes, set_theme, theme } from "../state/theme";
import { count, plural } from "../core/format";
import { Button } from "./button";
import { Icon } from "./icon";
import { Menu } from "./menu";
import { StreamMark } from "./status";

function ThemeMenu() {
  const items = k_themes.map((name) => ({
    text: k_theme_names[name],
    icon: name,
    checked: theme.value === name,
    run: () => set_theme(name),
  }));
  return <Menu label="Theme" icon={theme.value} items={items} />;
}

function LiveBadge() {
  const live = live_count.value;
  if (!live) return null;
  return (
    <span class="badge" title={`${plural(live, "session")} running`}>
      <span class="unseen">, running: </span>
      {count(live)}
    </span>
  );
}

function Navigation() {
  const { path } = place.value;
  return (
    <nav class="pages-nav" aria-label="Pages">
      {k_pages.flatMap(({ name, path: to, nav }) =>
        nav && !nav.aside ? (
          <a key={name} href={href(to)} aria-current={path === to || path.startsWith(`${to}/`) ? "page" : undefined}>
            <Icon name={nav.icon} />
            <span>{nav.label}</span>
            {name === "sessions" && <LiveBadge />}
          </a>
        ) : (
          []
        ),
      )}
    </nav>
  );
}

function AsideLinks() {
  return k_pages.flatMap(({ name, path: to, nav }) =>
    nav?.aside ? (
      <a key={name} class="button quiet bare" href={href(to)} aria-label={nav.label} title={nav.label} aria-current={place.value.path === to ? "page" : undefined}>
        <Icon name={nav.icon} />
      </a>
    ) : (
      []
    ),
  );
}

interface Props {
  open_palette(): void;
  open_help(): void;
}

export function TopBar({ open_palette, open_help }: Props) {
  const live = connection.value;
  // Who follows a link may see one session, and none of the other pages.
  const is_guest = place.value.path.startsWith("/share/");
  useEffect(() => void document.body.classList.toggle("guest", is_guest), [is_guest]);
  return (
    <header class="bar">
      <a class="brand" href={href("/sessions")}>
        agentpipe
      </a>
      {!is_guest && <Navigation />}
      <div class="bar-end">
        {live && <StreamMark {...live} />}
        {!is_guest && (
          <button type="button" class="button search-button" onClick={open_palette} title="Search and commands (Ctrl K)">
            <Icon name="search" />
            <span>Search</span>
            <kbd>Ctrl K</kbd>
          </button>
        )}
        <ThemeMenu />
        {!is_guest && <AsideLinks />}
        <Button kind="quiet" label="Keyboard shortcuts" keys="?" onClick={open_help}>
          ?
        </Button>
      </div>
    </header>
  );
}
