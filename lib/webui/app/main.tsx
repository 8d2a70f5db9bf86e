import { render } from "preact";
import { App } from "./parts/app";
import { start_router } from "./state/router";

start_router();
const root = document.getElementById("app")!;
root.replaceChildren();
render(<App />, root);
