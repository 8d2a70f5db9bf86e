import { copy_text } from "./copy";

const k_said_ms = 1_600;

type Act = (block: HTMLElement) => void;

function unfold(block: HTMLElement): void {
  block.classList.remove("folded");
  block.querySelector(".unfold")?.remove();
}

function wrap(block: HTMLElement): void {
  const wraps = block.classList.toggle("wrap");
  block.querySelector(".code-wrap")!.setAttribute("aria-pressed", String(wraps));
}

/** What stays done while the row is scrolled away: by the name of the text, the class of the button and the block. */
const done = new Map<string, Set<string>>();
const k_lasting: Record<string, Act> = { unfold, "code-wrap": wrap };

const blocks_of = (root: Element): HTMLElement[] => [...root.querySelectorAll<HTMLElement>(".code, .table-block")];

/** Does again to a text that is drawn anew what its reader did to it. */
export function restore_blocks(root: Element, name: string): void {
  const acts = done.get(name);
  if (!acts || acts.size === 0) return;
  const blocks = blocks_of(root);
  for (const act of acts) {
    const [kind, index] = act.split(" ");
    k_lasting[kind!]!(blocks[Number(index)]!);
  }
}

function remember(name: string, act: string): void {
  const acts = done.get(name) ?? new Set();
  if (!acts.delete(act)) acts.add(act);
  done.set(name, acts);
}

async function copy(block: HTMLElement): Promise<void> {
  const button = block.querySelector(".code-copy")!;
  if (!(await copy_text(block.querySelector("code")!.textContent ?? ""))) return;
  button.classList.add("done");
  setTimeout(() => button.classList.remove("done"), k_said_ms);
}

/** A press somewhere in a text: does what its button says. */
export function press_block(root: Element, name: string, target: Element): void {
  const button = target.closest("button");
  const block = button?.closest<HTMLElement>(".code, .table-block");
  if (!button || !block) return;
  const lasting = k_lasting[button.className];
  if (!lasting) return void copy(block);
  remember(name, `${button.className} ${blocks_of(root).indexOf(block)}`);
  lasting(block);
}
