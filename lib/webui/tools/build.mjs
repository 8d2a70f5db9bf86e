// Builds the pages: node tools/build.mjs --modules <node_modules> --out <dir>
//
// The packages may lie outside the source tree (each CMake build tree installs its own), so nothing here
// relies on Node's own look-up from this file: esbuild itself is loaded from --modules as well.
import { createRequire } from "node:module";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

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
  target: "es2020",
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
  // The theme file runs before the first paint, hence a classic script of its own.
  { entryPoints: ["theme.ts"], format: "iife" },
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
  const html = named.replace(/\{\{entry:([^}]+)\}\}/g, (_, source) => {
    if (!names[source]) throw new Error(`index.html names ${source}, which is no entry point`);
    return names[source];
  });
  await writeFile(path.join(out, "index.html"), html);
  await writeFile(path.join(out, "favicon.svg"), await readFile(path.join(app, "favicon.svg")));
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await write_shell(await Promise.all(k_bundles.map((bundle) => esbuild.build({ ...k_common, ...bundle }))));
