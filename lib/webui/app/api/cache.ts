// Answers to GET requests by address: what is known is shown at once and checked against the server.

interface Entry {
  etag: string | null;
  body: unknown;
  at: number;
}

// Answers are pages of a list, not bodies of messages: tens of kilobytes each.
const k_entries = 60;

export class Cache {
  private readonly entries = new Map<string, Entry>();

  peek<T>(address: string): { body: T; at: number } | null {
    const entry = this.entries.get(address);
    return entry ? { body: entry.body as T, at: entry.at } : null;
  }

  /** What a request for `address` should carry. */
  headers(address: string): Record<string, string> {
    const etag = this.entries.get(address)?.etag;
    return etag ? { "If-None-Match": etag } : {};
  }

  /** The body that an answer stands for; a 304 is answered from here. */
  async take<T>(address: string, response: Response, now_ms: number): Promise<T> {
    const known = this.entries.get(address);
    const body = response.status === 304 && known ? known.body : await response.json();
    this.entries.delete(address);
    this.entries.set(address, { etag: response.headers.get("etag"), body, at: now_ms });
    if (this.entries.size > k_entries) this.entries.delete(this.entries.keys().next().value!);
    return body as T;
  }

  forget(): void {
    this.entries.clear();
  }
}
