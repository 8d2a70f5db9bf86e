// What a message is made of: from its parts where it has them, else from the marks that some tools leave in the text.

import type { Message, Part } from "../api/types";

export type Piece =
  | { kind: "text"; text: string }
  | { kind: "thinking"; text: string }
  | { kind: "call"; name: string; hint: string; input: string; output: string | null; failed: boolean }
  | { kind: "image"; text: string }
  | { kind: "notice"; text: string };

const string_of = (value: unknown): string => {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : JSON.stringify(value, null, 2);
};

const k_longest_hint = 120;

/** The first argument, as a word about the call: a command, a path, a question. */
export function hint_of(input: unknown): string {
  const first = input !== null && typeof input === "object" ? Object.values(input as object)[0] : input;
  const line = (typeof first === "string" ? first : (JSON.stringify(first ?? undefined) ?? "")).trim().split("\n")[0]!;
  return line.length > k_longest_hint ? `${line.slice(0, k_longest_hint)}…` : line;
}

type Call = Extract<Piece, { kind: "call" }>;

function call_of(part: Part): Call {
  return { kind: "call", name: string_of(part.name) || "tool", hint: hint_of(part.input), input: string_of(part.input), output: null, failed: false };
}

function result_of(part: Part): Call {
  const output = string_of(part.output ?? part.text);
  const name = string_of(part.name) || "Result";
  return { kind: "call", name, hint: hint_of(output), input: "", output, failed: part.is_error === true };
}

const k_simple: Record<string, (part: Part) => Piece> = {
  text: (part) => ({ kind: "text", text: string_of(part.text) }),
  thinking: (part) => ({ kind: "thinking", text: string_of(part.text) }),
  image: (part) => ({ kind: "image", text: [part.media_type, part.alt].map(string_of).filter(Boolean).join(", ") }),
  notice: (part) => ({ kind: "notice", text: string_of(part.text) || string_of(part.kind) }),
  tool_call: call_of,
};

function pieces_of_parts(parts: readonly Part[]): Piece[] {
  const pieces: Piece[] = [];
  const calls = new Map<string, Call>();
  for (const part of parts) {
    const id = string_of(part.call_id);
    const call = part.type === "tool_result" ? calls.get(id) : undefined;
    if (call) {
      const { output, failed } = result_of(part);
      Object.assign(call, { output, failed });
      continue;
    }
    const piece = part.type === "tool_result" ? result_of(part) : (k_simple[part.type]?.(part) ?? unknown(part));
    if (piece.kind === "call" && part.type === "tool_call" && id) calls.set(id, piece);
    pieces.push(piece);
  }
  return pieces;
}

const unknown = (part: Part): Piece => ({ kind: "notice", text: `${part.type}: ${string_of(part.text)}`.trim() });

// Fences that hold a call, and thoughts between tags.
const k_marks = /<(think|thinking)>\n?([\s\S]*?)(?:<\/\1>|(?![\s\S]))|^```(tool_call|tool_use)\n([\s\S]*?)^```$/gm;

function call_in_fence(body: string): Piece {
  try {
    const call = JSON.parse(body) as Record<string, unknown>;
    const input = call.input ?? call.arguments ?? call.args;
    return call_of({ type: "tool_call", name: call.name ?? call.tool, input });
  } catch {
    return call_of({ type: "tool_call", name: "tool", input: body });
  }
}

function pieces_of_text(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  const add_text = (to: number) => {
    const between = text.slice(from, to);
    if (between.trim() !== "") pieces.push({ kind: "text", text: between });
  };
  for (const match of text.matchAll(k_marks)) {
    add_text(match.index);
    pieces.push(match[1] ? { kind: "thinking", text: match[2]!.trim() } : call_in_fence(match[4]!));
    from = match.index + match[0].length;
  }
  add_text(text.length);
  return pieces;
}

export function pieces_of(message: Pick<Message, "content" | "parts">): Piece[] {
  if (message.parts && message.parts.length > 0) return pieces_of_parts(message.parts);
  if (!/<think|```tool_/.test(message.content)) return [{ kind: "text", text: message.content }];
  return pieces_of_text(message.content);
}

const k_fence = /^\s*(```|~~~)/;
const k_front = /^[#>\-*\s]+(\[[ x]\] )?/;
/** An underscore within a word or code is one. */
const k_underscores = /(?<![\p{L}\p{N}_`])_{1,3}|_{1,3}(?![\p{L}\p{N}_`])/gu;

const without_marks = (line: string): string => line.replace(k_front, "").replace(k_underscores, "").replace(/[*`]{1,3}/g, "");

/** A message in one line, for the slim view and the outline. */
export function first_line(text: string): string {
  for (const line of text.split("\n")) {
    const plain = k_fence.test(line) ? "" : without_marks(line);
    if (plain.trim() !== "") return plain.slice(0, 300);
  }
  return "";
}

export const word_count = (text: string): number => text.split(/\s+/).filter(Boolean).length;
