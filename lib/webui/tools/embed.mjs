// Packs built pages for the C++ library: node tools/embed.mjs --dist DIR --out DIR
//
// Writes two files: assets.bin, every file gzipped (level 9) one after the other, and asset_table.cpp, which
// says where in it each one lies. The bytes enter the library through .incbin (src/blob.cpp): compiling an
// array of the same size would take seconds.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";

const k_content_types = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

// esbuild's names: main-AB12CD34.js. A new content has a new name, so such a file never changes.
const k_hashed_name = /-[A-Z0-9]{8}\.(js|css)$/;

const { values: options } = parseArgs({ options: { dist: { type: "string" }, out: { type: "string" } } });
if (!options.dist || !options.out) {
  console.error("usage: embed.mjs --dist DIR --out DIR");
  process.exit(2);
}

async function list_files(directory, prefix = "") {
  const entries = await readdir(path.join(directory, prefix), { withFileTypes: true });
  const nested = entries.map((entry) => {
    const name = `${prefix}/${entry.name}`;
    return entry.isDirectory() ? list_files(directory, name) : [name];
  });
  return (await Promise.all(nested)).flat();
}

async function pack(file) {
  const type = k_content_types[path.extname(file)];
  if (!type) throw new Error(`no content type known for ${file}: add it to tools/embed.mjs`);
  const plain = await readFile(path.join(options.dist, file));
  return {
    path: file,
    type,
    etag: createHash("sha256").update(plain).digest("hex").slice(0, 16),
    gzip: gzipSync(plain, { level: 9 }),
    immutable: k_hashed_name.test(file),
  };
}

// find() searches the table by halves, so it is ordered as std::string_view orders: by bytes.
const files = (await list_files(options.dist)).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
if (!files.includes("/index.html")) {
  console.error(`${options.dist} holds no built pages (index.html is missing): run "npm run build" in lib/webui first`);
  process.exit(1);
}
const packed = await Promise.all(files.map(pack));

let offset = 0;
const rows = packed.map((asset) => {
  const row = `    {"${asset.path}", "${asset.type}", "\\"${asset.etag}\\"", bytes(${offset}, ${asset.gzip.length}), ${asset.immutable}},`;
  offset += asset.gzip.length;
  return row;
});

await mkdir(options.out, { recursive: true });
await writeFile(path.join(options.out, "assets.bin"), Buffer.concat(packed.map((asset) => asset.gzip)));
await writeFile(
  path.join(options.out, "asset_table.cpp"),
  `// Written by tools/embed.mjs.
#include "asset_table.hpp"

#include "blob.hpp"

namespace agentpipe::webui {
namespace {

std::span<const std::byte> bytes(std::size_t offset, std::size_t size) {
  return {agentpipe_webui_blob + offset, size};
}

const Asset k_table[] = {
${rows.join("\n")}
};

}  // namespace

std::span<const Asset> asset_table() { return k_table; }

}  // namespace agentpipe::webui
`,
);
