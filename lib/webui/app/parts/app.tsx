import { useEffect, useState } from "preact/hooks";
import { route_of, type Route } from "../core/routes";
import { NotFoundPage } from "../pages/not_found";
import { k_pages } from "../pages/table";
import { announcement } from "../state/announce";
import { useCommands, type Command } from "../state/commands";
import { navigate, place } from "../state/router";
import { next_theme } from "../state/theme";
import { useHeadingFocus } from "./heading_focus";
import { useSpot } from "./spot";
import { FailureBox } from "./notice";
import { Overlay, type OverlayName } from "./overlay";
import { usePage } from "./page_loader";
import { Skeleton } from "./skeleton";
import { TopBar } from "./top_bar";

function Page({ route }: { route: Route }) {
  const to = route.kind === "redirect" ? route.to : null;
  const page = usePage(route);
  useEffect(() => {
    if (to !== null) navigate(to + place.value.search + place.value.hash, "replace");
  }, [to]);
  // Its script may come later than the page's address.
  useHeadingFocus(place.value.path, page.kind === "ready" || route.kind === "not-found");
  if (route.kind === "not-found") return <NotFoundPage what="page" />;
  if (route.kind === "page" && page.kind === "ready") return <page.Page key={route.id} id={route.id} />;
  return (
    <main class="page" id="main" tabIndex={-1}>
      {page.kind === "failed" ? (
        <FailureBox
          failure={{ text: "This page could not be loaded.", detail: "", status: 0 }}
          stale_since={null}
          retry={page.retry}
        />
      ) : (
        <Skeleton />
      )}
    </main>
  );
}

function page_commands(): Command[] {
  return k_pages.flatMap(({ path, nav }) =>
    nav ? [{ title: `Go to ${nav.label}`, keys: [`g ${nav.key}`], run: () => navigate(path) }] : [],
  );
}

export function App() {
  const [overlay, set_overlay] = useState<OverlayName | null>(null);
  useSpot();
  useCommands("Everywhere", [
    { title: "Search and commands", keys: ["Ctrl K"], run: () => set_overlay("palette"), keys_only: true },
    { title: "Keyboard shortcuts", keys: ["?"], run: () => set_overlay("help") },
    { title: "Change theme", keys: ["t"], run: next_theme },
    ...page_commands(),
  ]);
  return (
    <>
      <a class="skip" href="#main" onClick={() => document.getElementById("main")?.focus()}>
        Skip to content
      </a>
      <TopBar open_palette={() => set_overlay("palette")} open_help={() => set_overlay("help")} />
      <Page route={route_of(place.value.path, k_pages)} />
      {overlay && <Overlay name={overlay} close={() => set_overlay(null)} />}
      <p class="unseen" role="status">
        {announcement.value}
      </p>
    </>
  );
}
