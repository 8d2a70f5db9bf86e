// Tables as RFC 4180 says.

export type Cell = string | number | null;

// What a spreadsheet would take for a formula.
const k_formula = /^[=+\-@\t]/;
const k_special = /[",\r\n]/;

function cell_text(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const harmless = k_formula.test(cell) ? `'${cell}` : cell;
  return k_special.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

export function csv(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => row.map(cell_text).join(",")).join("\r\n");
}
