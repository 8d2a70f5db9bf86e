import { signal } from "@preact/signals";
import { get_rights } from "../api/client";
import type { Scope } from "../api/types";

/** What this browser may do; nothing but reading until the server says more. */
const scopes = signal<readonly Scope[]>([]);

export function may(scope: Scope): boolean {
  return scopes.value.includes(scope);
}

export async function read_rights(): Promise<void> {
  try {
    scopes.value = (await get_rights()).scopes;
  } catch {
    scopes.value = [];
  }
}
