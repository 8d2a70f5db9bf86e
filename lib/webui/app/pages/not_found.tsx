import { usePageTitle } from "../parts/page_title";
import { href } from "../state/router";

export function NotFoundPage({ what }: { what: "page" | "session" }) {
  usePageTitle("Not found", false);
  return (
    <main class="page" id="main">
      <h1 tabIndex={-1}>Not found</h1>
      <p>There is no such {what} here. It may have been deleted, or the address is not complete.</p>
      <p>
        <a href={href("/sessions")}>All sessions</a>
      </p>
    </main>
  );
}
