// @vitest-environment jsdom
import { expect, test, vi } from "vitest";
import { render_markdown } from "../app/markdown/render";
import { press_block, restore_blocks } from "../app/parts/blocks";

const k_text = "```sh\nls\n```\n\n```\n" + "x\n".repeat(80) + "```";

function drawn(name: string): HTMLElement {
  const root = document.createElement("div");
  root.innerHTML = render_markdown(k_text);
  restore_blocks(root, name);
  return root;
}

const looks = (root: HTMLElement) => [...root.querySelectorAll(".code")].map((block) => block.className);
const press = (root: HTMLElement, name: string, selector: string) => press_block(root, name, root.querySelector(selector)!);

test("what was wrapped and unfolded is so when the text is drawn again, and nowhere else", () => {
  const root = drawn("a");
  press(root, "a", ".code-wrap");
  press(root, "a", ".unfold");
  expect(looks(root)).toEqual(["code wrap", "code"]);
  expect(looks(drawn("a"))).toEqual(["code wrap", "code"]);
  expect(looks(drawn("b"))).toEqual(["code", "code folded"]);
});

test("a second press unwraps, for good", () => {
  const root = drawn("c");
  press(root, "c", ".code-wrap");
  press(root, "c", ".code-wrap");
  expect(root.querySelector(".code-wrap")!.getAttribute("aria-pressed")).toBe("false");
  expect(looks(drawn("c"))[0]).toBe("code");
});

test("the code is copied without the words beside it", async () => {
  const write = vi.fn().mockResolvedValue(undefined);
  vi.stubGlobal("navigator", { clipboard: { writeText: write } });
  const root = drawn("d");
  press(root, "d", ".code-copy");
  await vi.waitFor(() => expect(root.querySelector(".code-copy.done")).not.toBeNull());
  expect(write).toHaveBeenCalledWith("ls");
  vi.unstubAllGlobals();
});
