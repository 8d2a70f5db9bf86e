import { render } from "preact";
import { route_of } from "./core/routes";
import { k_pages } from "./pages/table";
import { App } from "./parts/app";
import { load_page } from "./parts/page_loader";
import { start_shortcuts } from "./state/commands";
import { start_live_count } from "./state/live_count";
import { place, start_router } from "./state/router";

// The page's own chunk is asked for before anything is drawn.
const route = route_of(place.value.path, k_pages);
if (route.kind === "page") void load_page(route.name);
start_router();
start_shortcuts();
if (route.kind !== "page" || route.name !== "share") start_live_count();
const root = document.getElementById("app")!;
root.replaceChildren();
render(<App />, root);
