import { base } from "../../api/base";
import { active_filters, without, type ListQuery } from "../../core/url";
import { k_pages } from "../../pages/table";
import { list_href } from "../../state/list_place";
import { href } from "../../state/router";
import { EmptyBox } from "../notice";
import { Chips } from "./chips";

export function NoneYet() {
  const server = location.origin + base;
  return (
    <EmptyBox title="No sessions yet">
      <p>Connect the machine where your agents run, with a key of this server:</p>
      <pre tabIndex={0}>
        <code>agentpipe-bridge setup --url {server} --api-key-stdin --enable --test</code>
      </pre>
      <p>Then ship a conversation as it happens. It appears here with its first event:</p>
      <pre tabIndex={0}>
        <code>agentpipe run --json -c agents.yaml | agentpipe-bridge stream</code>
      </pre>
      {k_pages.some(({ path }) => path === "/upload") && (
        <p>
          Or <a href={href("/upload")}>upload sessions</a> that you already have.
        </p>
      )}
    </EmptyBox>
  );
}

export function NoMatch({ query }: { query: ListQuery }) {
  return (
    <EmptyBox title="No session matches">
      <p>Take a filter away, or all of them:</p>
      <Chips query={query} />
      <p>
        <a class="button" href={list_href(without(query, active_filters(query)))}>
          Clear the filters
        </a>
      </p>
    </EmptyBox>
  );
}

export function NoSuchPage({ query }: { query: ListQuery }) {
  return (
    <EmptyBox title="The list ends before this page">
      <p>
        <a href={list_href({ ...query, page: 1 })}>First page</a>
      </p>
    </EmptyBox>
  );
}
