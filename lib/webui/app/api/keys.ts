import { request, send } from "./client";

export const k_scopes = ["ingest", "read", "admin"] as const;
export type KeyScope = (typeof k_scopes)[number];

/** A key of the server as it may be shown: the key itself is told once, when it is made. */
export interface Key {
  id: string;
  name: string;
  masked: string;
  scopes: readonly KeyScope[];
  createdAt: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
  revokedAt: string | null;
}

export interface NewKey {
  name: string;
  scopes: readonly KeyScope[];
  /** A moment; absent: until it is revoked. */
  expiresAt?: string;
}

export function list_keys(signal?: AbortSignal): Promise<{ keys: Key[] }> {
  return request("/api/keys", {}, signal);
}

export function create_key(wish: NewKey): Promise<Key & { key: string }> {
  return send("POST", "/api/keys", wish);
}

export function revoke_key(id: string): Promise<unknown> {
  return send("DELETE", `/api/keys/${encodeURIComponent(id)}`);
}
