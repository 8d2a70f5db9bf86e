// Builds the pages: node tools/build.mjs --modules <node_modules> --out <dir>
//
// The packages may lie outside the source tree (each CMake build tree installs its own), so nothing here
// relies on Node's own look-up from this file: esbuild itself is loaded from --modules as well.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";

const { values: options } = parseArgs({
  options: { modules: { type: "string" }, out: { type: "string" } },
});
if (!options.modules || !options.out) {
  console.error("usage: build.mjs --modules DIR --out DIR");
  process.exit(2);
}

const app = fileURLToPath(new URL("../app/", import.meta.url));
const modules = path.resolve(options.modules);
const out = path.resolve(options.out);
const esbuild = createRequire(path.join(modules, "_"))("esbuild");

const k_common = {
  bundle: true,
  minify: true,
  // light-dark() in the styles asks for browsers of 2024 anyway.
  target: "es2022",
  outdir: path.join(out, "assets"),
  nodePaths: [modules],
  metafile: true,
  legalComments: "none",
  logLevel: "warning",
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  absWorkingDir: app,
};

const k_bundles = [
  // The theme file runs before the first paint, the worker outside of the page: classic scripts of their own.
  { entryPoints: ["theme.ts", "worker.ts"], format: "iife" },
  {
    entryPoints: ["main.tsx"],
    format: "esm",
    splitting: true,
    jsx: "automatic",
    jsxImportSource: "preact",
  },
  { entryPoints: ["styles/main.css"], entryNames: "styles-[hash]" },
];

/** The hashed names of the entry points, by source name: { "main.tsx": "assets/main-AB12.js" }. */
function entry_names(results) {
  const names = {};
  for (const { metafile } of results) {
    for (const [file, output] of Object.entries(metafile.outputs)) {
      if (output.entryPoint) names[output.entryPoint] = path.relative(out, path.resolve(app, file));
    }
  }
  return names;
}

/** What an entry point imports at once: preloaded, so that the browser need not read the entry to find it. */
function preload_links(results, source) {
  const outputs = results.flatMap(({ metafile }) => Object.values(metafile.outputs));
  const entry = outputs.find((output) => output.entryPoint === source);
  return entry.imports
    .filter((imported) => imported.kind === "import-statement")
    .map((imported) => path.relative(out, path.resolve(app, imported.path)))
    .map((name) => `<link rel="modulepreload" href="{{base}}/${name}">`)
    .join("\n");
}

/** Writes index.html with the hashed names put in, and the files that keep their names. */
async function write_shell(results) {
  const names = entry_names(results);
  const template = await readFile(path.join(app, "index.html"), "utf8");
  const named = template.replace(/\{\{preload:([^}]+)\}\}/g, (_, source) => preload_links(results, source));
  const sprite = await readFile(path.join(app, "icons.svg"), "utf8");
  const with_sprite = named.replace("{{sprite}}", () => sprite.replaceAll("\n", ""));
  const html = with_sprite.replace(/\{\{entry:([^}]+)\}\}/g, (_, source) => {
    if (!names[source]) throw new Error(`index.html names ${source}, which is no entry point`);
    return names[source];
  });
  await writeFile(path.join(out, "index.html"), html);
  await writeFile(path.join(out, "favicon.svg"), await readFile(path.join(app, "favicon.svg")));
}

// In bytes as they travel (gzip -9). "initial": all that a page without content loads: the shell's scripts and the list.
const k_budgets = { initial: 70_000, css: 12_000, chart: 28_000, highlight: 30_000, all: 180_000 };

const gzip_size = (file) => gzipSync(readFileSync(file), { level: 9 }).length;

/** The output files that an entry point needs at once. */
function closure(outputs, file, seen = new Set()) {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const { kind, path: next } of outputs[file].imports) if (kind === "import-statement") closure(outputs, next, seen);
  return seen;
}

/** Sizes by the names of the budgets. */
function measure(results) {
  const outputs = Object.assign({}, ...results.map(({ metafile }) => metafile.outputs));
  const files = Object.keys(outputs);
  const size = (file) => gzip_size(path.resolve(app, file));
  const sum = (list) => [...list].reduce((total, file) => total + size(file), 0);
  const entry = (source) => files.find((file) => outputs[file].entryPoint === source);
  const initial = new Set(["theme.ts", "main.tsx", "pages/sessions.tsx"].flatMap((source) => [...closure(outputs, entry(source))]));
  const named = (part) => sum(files.filter((file) => path.basename(file).startsWith(part)));
  return {
    initial: sum(initial),
    css: sum(files.filter((file) => file.endsWith(".css"))),
    chart: named("chart"),
    highlight: named("highlight"),
    all: sum(files),
  };
}

/** Prints the sizes; a page that has grown too heavy is no build. */
function check_budgets(sizes) {
  const rows = Object.entries(k_budgets).map(([name, limit]) => ({ name, limit, size: sizes[name] }));
  const kb = (bytes) => (bytes / 1000).toFixed(1);
  console.log(`gzip kB: ${rows.map(({ name, limit, size }) => `${name} ${kb(size)} of ${kb(limit)}`).join(", ")}`);
  const heavy = rows.filter(({ limit, size }) => size > limit);
  for (const { name, limit, size } of heavy) console.error(`error: ${name} is ${kb(size)} kB, the budget is ${kb(limit)} kB`);
  if (heavy.length > 0) process.exit(1);
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const results = await Promise.all(k_bundles.map((bundle) => esbuild.build({ ...k_common, ...bundle })));
await write_shell(results);
check_budgets(measure(results));
