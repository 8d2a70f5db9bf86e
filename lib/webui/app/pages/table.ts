import type { ComponentType } from "preact";
import type { IconName } from "../parts/icon";

export interface PageProps {
  /** The ":id" of the path. */
  id: string | null;
}

export interface PageRow {
  name: string;
  path: string;
  /** Pages are chunks, read when they are first needed. */
  load(): Promise<{ default: ComponentType<PageProps> }>;
  /** Its place in the navigation. `key`: pressed after g; `aside`: at the end of the bar, by its icon alone. */
  nav?: { label: string; icon: IconName; key: string; aside?: boolean };
}

/** Every page, in the order of the navigation. A new page is one more row. */
export const k_pages: readonly PageRow[] = [
  { name: "sessions", path: "/sessions", load: () => import("./sessions"), nav: { label: "Sessions", icon: "sessions", key: "s" } },
  { name: "session", path: "/sessions/:id", load: async () => ({ default: (await import("./reading")).SessionPage }) },
  { name: "dashboard", path: "/dashboard", load: () => import("./dashboard"), nav: { label: "Dashboard", icon: "dashboard", key: "d" } },
  { name: "upload", path: "/upload", load: async () => ({ default: (await import("./tools")).UploadPage }), nav: { label: "Upload", icon: "upload", key: "u" } },
  { name: "diagnostics", path: "/diagnostics", load: async () => ({ default: (await import("./tools")).DiagnosticsPage }), nav: { label: "Diagnostics", icon: "diagnostics", key: "x" } },
  { name: "settings", path: "/settings", load: async () => ({ default: (await import("./tools")).SettingsPage }), nav: { label: "Settings", icon: "settings", key: ",", aside: true } },
  { name: "share", path: "/share/:id", load: async () => ({ default: (await import("./reading")).SharePage }) },
  { name: "signin", path: "/signin", load: async () => ({ default: (await import("./tools")).SignInPage }) },
];
