import assert from "node:assert/strict";
import { started } from "../support/conversations.mjs";

export const name = "redirects, unknown addresses, failures and sign-in show what they should";

// Answers that are errors by design.
export const expected_complaints = /Failed to load resource/;

const k_id = "7d1f0c52-0000-4000-8000-0000000000dd";

const json = (status, body) => ({ status, contentType: "application/json", body: JSON.stringify(body) });

export async function run({ server, browser: { page } }) {
  const at = () => new URL(page.url()).pathname;
  await server.ingest("conversation.started", started(k_id));

  await page.goto(`${server.origin}/conversations/${k_id}`);
  await page.getByRole("heading", { level: 1, name: /Plan the move/ }).waitFor();
  assert.equal(at(), `/sessions/${k_id}`);

  for (const address of ["/nothing/here", "/sessions/7d1f0c52-0000-4000-8000-00000000ffff"]) {
    await page.goto(server.origin + address);
    await page.getByRole("heading", { level: 1, name: "Not found" }).waitFor();
    await page.getByRole("link", { name: "All sessions" }).waitFor();
  }

  await page.goto(`${server.origin}/sessions?status=ERROR`);
  await page.getByText("No session matches").waitFor();
  await page.getByRole("link", { name: "Clear the filters" }).click();
  await page.locator(`[data-session="${k_id}"]`).waitFor();

  const list = (url) => url.pathname === "/api/sessions";
  await page.route(list, (route) => route.fulfill(json(500, { error: "internal", code: "internal", message: "The database is locked.", request_id: "req-77" })));
  await page.reload();
  await page.getByText("The database is locked.").waitFor();
  await page.getByText("HTTP 500 · request req-77").waitFor();
  await page.unroute(list);
  await page.getByRole("button", { name: "Retry" }).click();
  await page.locator(`[data-session="${k_id}"]`).waitFor();

  await page.route(list, (route) => route.fulfill(json(401, { error: "unauthorized", code: "key_missing", message: "Sign in.", request_id: "r" })));
  await page.goto(`${server.origin}/sessions?limit=50`);
  await page.getByLabel("Key").waitFor();
  assert.equal(at(), "/signin");
  const answers = [json(401, { error: "unauthorized", code: "key_invalid", message: "no", request_id: "r" }), json(200, { success: true })];
  const posted = [];
  await page.route((url) => url.pathname === "/api/signin", (route) => {
    posted.push(route.request().postDataJSON());
    return route.fulfill(answers.shift());
  });
  await page.getByLabel("Key").fill("wrong");
  await page.keyboard.press("Enter");
  await page.getByText("This key was not accepted.").waitFor();
  await page.unroute(list);
  await page.getByLabel("Key").fill("right");
  await page.keyboard.press("Enter");
  await page.locator(`[data-session="${k_id}"]`).waitFor();
  assert.equal(page.url(), `${server.origin}/sessions?limit=50`);
  assert.deepEqual(posted, [{ api_key: "wrong" }, { api_key: "right" }]);
}
