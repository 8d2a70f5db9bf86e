// Colours of terminals as classes; every other escape sequence is dropped, it draws nothing here.

export interface Run {
  text: string;
  /** "", or classes such as "ansi-1 ansi-bold". */
  classes: string;
}

const k_sequence = /\u001b\[([0-9;]*)m|\u001b\[[0-9;?]*[A-Za-z]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/g;

interface Look {
  colour: string;
  bold: boolean;
}

function apply(look: Look, code: number): Look {
  if (code === 0) return { colour: "", bold: false };
  if (code === 1) return { ...look, bold: true };
  if (code === 22) return { ...look, bold: false };
  if (code === 39) return { ...look, colour: "" };
  if (code >= 30 && code <= 37) return { ...look, colour: `ansi-${code - 30}` };
  if (code >= 90 && code <= 97) return { ...look, colour: `ansi-${code - 90}` };
  return look;
}

export function ansi_runs(text: string): Run[] {
  if (!text.includes("\u001b")) return [{ text, classes: "" }];
  const runs: Run[] = [];
  let look: Look = { colour: "", bold: false };
  let from = 0;
  const add = (to: number) => {
    const classes = [look.colour, look.bold ? "ansi-bold" : ""].filter(Boolean).join(" ");
    if (to > from) runs.push({ text: text.slice(from, to), classes });
  };
  for (const match of text.matchAll(k_sequence)) {
    add(match.index);
    from = match.index + match[0].length;
    if (match[1] !== undefined) look = match[1].split(";").map(Number).reduce(apply, look);
  }
  add(text.length);
  return runs;
}
