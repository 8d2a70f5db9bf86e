import { escape_html } from "./escape";

const k_allowed = /^(https?:\/\/|mailto:|#)/i;
// Browsers skip tabs and line ends inside an address, so what looks harmless need not be.
const k_controls = /[\u0000-\u0020\u007f]/;
const k_host_like = /^(?:https?:\/\/)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?:[/:?#]|$)/i;

/** The address a link may lead to, or null. */
export function safe_href(raw: string): string | null {
  const href = raw.replace(/&amp;/g, "&");
  return k_allowed.test(href) && !k_controls.test(href) ? href : null;
}

export function host_of(href: string): string | null {
  try {
    return new URL(href).host || null;
  } catch {
    return null;
  }
}

/** The link's true host, where its text names another one. */
export function disguised_host(text: string, href: string): string | null {
  const shown = k_host_like.exec(text.trim())?.[1]?.toLowerCase();
  const real = host_of(href)?.toLowerCase();
  return shown && real && shown !== real ? real : null;
}

/** `label` is HTML, `text` the same without tags. What may not be a link stays text, its address visible. */
export function link_html(label: string, text: string, raw_href: string): string {
  const href = safe_href(raw_href);
  if (href === null) {
    const address = text === raw_href ? "" : ` <span class="dead-link">(${escape_html(raw_href)})</span>`;
    return `${label}${address}`;
  }
  if (href.startsWith("#")) return `<a href="${escape_html(href)}">${label}</a>`;
  const other = disguised_host(text, href);
  const host = other ? ` <span class="link-host">(${escape_html(other)})</span>` : "";
  return `<a href="${escape_html(href)}" target="_blank" rel="noopener noreferrer nofollow">${label}</a>${host}`;
}
