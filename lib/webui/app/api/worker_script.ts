// Browsers with Trusted Types start a worker only from an address that a policy has seen.

interface Policies {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

const script = document.querySelector<HTMLMetaElement>('meta[name="agentpipe-worker"]')?.content ?? "";

function trusted(url: string): string {
  const policies = (window as { trustedTypes?: Policies }).trustedTypes;
  const only_ours = (given: string): string => {
    if (given !== script) throw new TypeError("not a script of this server");
    return given;
  };
  return policies ? policies.createPolicy("agentpipe", { createScriptURL: only_ours }).createScriptURL(url) : url;
}

/** The worker that all tabs share, or null where the browser has none. */
export function open_worker(name: string): SharedWorker | null {
  if (!("SharedWorker" in window) || script === "") return null;
  try {
    return new SharedWorker(trusted(script), { name });
  } catch {
    return null;
  }
}
