// The address is the only truth about what the list shows. Defaults are left out of it.

type Param = "q" | "status" | "source" | "mode" | "agent" | "model" | "sort" | "order";

export interface ListQuery extends Record<Param, string> {
  page: number;
  limit: number;
}

export const k_limits = [25, 50, 100] as const;
const k_statuses = ["ACTIVE", "COMPLETED", "INTERRUPTED", "ERROR"];
const k_sorts = ["started", "updated", "cost", "tokens", "messages", "duration"];
const k_orders = ["asc", "desc"];

interface Row {
  name: Param;
  /** The server's name for it. */
  api: string;
  initial: string;
  /** The only values there are; absent: any text. */
  allowed?: readonly string[];
}

const k_rows: readonly Row[] = [
  { name: "q", api: "search", initial: "" },
  { name: "status", api: "status", initial: "", allowed: k_statuses },
  { name: "source", api: "source", initial: "" },
  { name: "mode", api: "mode", initial: "" },
  { name: "agent", api: "agentType", initial: "" },
  { name: "model", api: "model", initial: "" },
  { name: "sort", api: "sort", initial: "started", allowed: k_sorts },
  { name: "order", api: "order", initial: "desc", allowed: k_orders },
];

const k_first_limit = k_limits[0];

/** Values that are not allowed count as not given. */
export function parse_list(search: string): ListQuery {
  const params = new URLSearchParams(search);
  const value = (row: Row) => {
    const given = params.get(row.name) ?? row.initial;
    return row.allowed && !row.allowed.includes(given) ? row.initial : given;
  };
  const page = Number(params.get("page"));
  const limit = Number(params.get("limit"));
  return {
    ...(Object.fromEntries(k_rows.map((row) => [row.name, value(row)])) as Record<Param, string>),
    page: Number.isSafeInteger(page) && page > 0 ? page : 1,
    limit: k_limits.find((allowed) => allowed === limit) ?? k_first_limit,
  };
}

/** "" or "?page=2&…", in a fixed order. */
export function format_list(query: ListQuery): string {
  const params = new URLSearchParams();
  for (const row of k_rows) if (query[row.name] !== row.initial) params.set(row.name, query[row.name]);
  if (query.page !== 1) params.set("page", String(query.page));
  if (query.limit !== k_first_limit) params.set("limit", String(query.limit));
  const text = params.toString();
  return text ? `?${text}` : "";
}

/** The same question in the server's words. */
export function api_query(query: ListQuery): URLSearchParams {
  const params = new URLSearchParams({ page: String(query.page), limit: String(query.limit) });
  for (const row of k_rows) if (query[row.name] !== row.initial) params.set(row.api, query[row.name]);
  return params;
}

/** Whether anything but the page is chosen. */
export function is_filtered(query: ListQuery): boolean {
  return k_rows.some((row) => query[row.name] !== row.initial);
}

/** Message number of a permalink "#m-12". */
export function parse_permalink(hash: string): number | null {
  const match = /^#m-(\d{1,15})$/.exec(hash);
  return match ? Number(match[1]) : null;
}

export const permalink = (sequence: number): string => `#m-${sequence}`;
