import { useEffect } from "preact/hooks";
import { route_of, type Route } from "../core/url";
import { NotFoundPage } from "../pages/not_found";
import { SessionPage } from "../pages/session";
import { SessionsPage } from "../pages/sessions";
import { SignInPage } from "../pages/sign_in";
import { navigate, place } from "../state/router";
import { TopBar } from "./top_bar";

function Page({ route }: { route: Route }) {
  const to = route.page === "redirect" ? route.to : null;
  useEffect(() => {
    if (to !== null) navigate(to + place.value.search + place.value.hash, "replace");
  }, [to]);
  switch (route.page) {
    case "sessions":
      return <SessionsPage />;
    case "session":
      return <SessionPage key={route.id} id={route.id} />;
    case "signin":
      return <SignInPage />;
    case "redirect":
      return null;
    case "not-found":
      return <NotFoundPage what="page" />;
  }
}

let is_first_page = true;

/** A new page is announced by its heading: focus goes there, as it does when a browser loads one. */
function useHeadingFocus(path: string): void {
  useEffect(() => {
    if (!is_first_page) document.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
    is_first_page = false;
  }, [path]);
}

export function App() {
  const { path } = place.value;
  useHeadingFocus(path);
  return (
    <>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <TopBar />
      <Page route={route_of(path)} />
    </>
  );
}
