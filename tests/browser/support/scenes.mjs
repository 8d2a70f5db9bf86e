// Every page, state and dialog that a reader can meet, over the archive of archive.mjs.
import { k_finished, k_running } from "./archive.mjs";
import { session_file, text_file } from "./files.mjs";
import { session_id } from "./conversations.mjs";
import { message_row } from "./page.mjs";

const button = (page, name) => page.getByRole("button", { name });
const in_session = `/sessions/${k_finished}`;
const first_body = "#m-1 .md";
const asks = (address) => (url) => url.pathname === address;
const fails = (status, code, message) => (route) =>
  route.fulfill({ status, contentType: "application/json", body: JSON.stringify({ error: code, code, message, request_id: "req-77" }) });

/** Opens a side of the session page unless it stands open already. */
async function open_side(page, name) {
  const toggle = button(page, name);
  if ((await toggle.getAttribute("aria-pressed")) !== "true") await toggle.click();
}

/** A frozen link, made as the page's own dialog does it. */
async function open_share(page) {
  const path = await page.evaluate(async (id) => {
    const init = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ mode: "frozen", expiresIn: 3600 }) };
    return (await (await fetch(`/api/sessions/${id}/share`, init)).json()).path;
  }, k_finished);
  await page.goto(new URL(path, page.url()).href);
  await page.locator(first_body).waitFor();
}

const queue = (page) =>
  page.locator('input[type="file"]').setInputFiles([
    session_file("notes-of-the-migration-that-nobody-wanted.json", session_id(61, 1)), text_file("broken.json", '{\n"a": }'), text_file("empty.json", ""),
  ]);

/** `before`: what has to be so before the page is loaded, `act`: what is done once `ready` is there. */
export const k_scenes = [
  { name: "list", address: "/sessions", ready: ".sessions tbody tr" },
  { name: "grid", address: "/sessions?view=grid", ready: ".cards" },
  { name: "search", address: "/sessions?q=lease&status=COMPLETED", ready: ".snippets" },
  { name: "list-selected", address: "/sessions", ready: ".sessions tbody tr", act: (page) => page.locator(".sessions tbody input").first().check({ timeout: 500 }).catch(() => {}) },
  { name: "list-no-match", address: "/sessions?status=ERROR&q=nothing+like+it", ready: ".empty" },
  { name: "list-failed", address: "/sessions?limit=100", ready: ".box.bad", before: (page) => page.route((url) => url.pathname === "/api/sessions" && url.searchParams.get("limit") === "100", fails(500, "internal", "The database is locked.")) },
  { name: "session-live", address: `/sessions/${k_running}`, ready: "#m-34 .md" },
  { name: "session-ended", address: in_session, ready: first_body },
  { name: "session-outline", address: in_session, ready: first_body, act: (page) => open_side(page, "Outline") },
  { name: "session-about", address: in_session, ready: first_body, act: (page) => open_side(page, "About this session") },
  { name: "session-participants", address: `${in_session}?panel=participants`, ready: ".panel-agents, #m-1" },
  { name: "session-charts", address: `${in_session}?panel=charts`, ready: ".plot canvas" },
  { name: "session-system", address: `${in_session}?panel=system`, ready: ".panel-body, #m-1" },
  { name: "session-tools", address: `${in_session}#m-8`, ready: "#m-8 .md", act: async (page) => {
    for (const head of await message_row(page, 8).locator('[data-fold][aria-expanded="false"]').all()) await head.click();
  } },
  { name: "session-compact", address: `${in_session}?density=compact`, ready: first_body },
  { name: "session-slim", address: `${in_session}?density=slim`, ready: "#m-1" },
  { name: "session-find", address: in_session, ready: first_body, act: async (page) => {
    await page.keyboard.press("Control+f");
    await page.keyboard.type("lease");
    await page.locator(".find-tally", { hasText: "of" }).waitFor();
  } },
  { name: "session-replay", address: `${in_session}?t=30`, ready: ".replay-bar" },
  { name: "session-plain", address: `${in_session}?view=plain`, ready: ".plain-view section" },
  { name: "session-export", address: in_session, ready: first_body, act: (page) => button(page, /^Export/).click() },
  { name: "session-share", address: in_session, ready: first_body, act: async (page) => {
    await button(page, "More").click();
    await page.getByRole("menuitem", { name: /Share/ }).click();
  } },
  { name: "session-delete", address: in_session, ready: first_body, act: async (page) => {
    await button(page, "More").click();
    await page.getByRole("menuitem", { name: /Delete/ }).click();
  } },
  { name: "share", address: in_session, ready: first_body, act: open_share },
  { name: "dashboard", address: "/dashboard?range=7d", ready: ".plot canvas" },
  { name: "dashboard-data", address: "/dashboard?range=7d", ready: ".plot canvas", act: (page) => button(page, "Show data").first().click() },
  { name: "upload", address: "/upload", ready: ".drop-button" },
  { name: "upload-queue", address: "/upload", ready: ".drop-button", act: async (page) => {
    await queue(page);
    await page.locator('[data-upload="stored"], [data-upload="duplicate"]').first().waitFor();
  } },
  { name: "diagnostics", address: "/diagnostics", ready: ".verdict" },
  { name: "settings", address: "/settings", ready: ".setting" },
  { name: "help", address: "/settings", ready: ".setting", act: (page) => page.keyboard.press("?") },
  { name: "palette", address: "/settings", ready: ".setting", act: (page) => page.keyboard.press("Control+k") },
  { name: "sign-in", address: "/signin", ready: "form" },
  { name: "sign-in-refused", address: "/signin", ready: "form", before: (page) => page.route(asks("/api/signin"), fails(401, "key_invalid", "no")), act: async (page) => {
    await page.getByLabel("Key").fill("wrong");
    await page.keyboard.press("Enter");
    await page.getByText("This key was not accepted.").waitFor();
  } },
  { name: "not-found", address: "/nothing/here", ready: "h1" },
  { name: "session-missing", address: `/sessions/${session_id(62)}`, ready: "h1" },
];

/** Loads a scene as a reader who comes anew. */
export async function open_scene(page, origin, { address, ready, before, act }) {
  await page.goto("about:blank");
  await before?.(page);
  await page.goto(origin + address);
  await page.locator(ready).first().waitFor();
  await act?.(page);
}
