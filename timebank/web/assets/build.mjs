// Builds static/vendor/ from the versions pinned in package.json:   node build.mjs [--check]
// Everything is installed and compiled in a temporary folder, so the checkout gains only what is committed.
// --check builds again and compares with SHA256SUMS instead of writing.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const vendor = join(here, "..", "static", "vendor");
const room = mkdtempSync(join(tmpdir(), "timebank-vendor-"));
const packages = join(room, "node_modules");
const out = join(room, "out");

// A source map names files nobody serves: the reference is a 404 in every browser's console.
const withoutSourceMap = (text) => text.replace(/\/\/# sourceMappingURL=.*$|\/\*# sourceMappingURL=.*?\*\//gm, "").trimEnd() + "\n";

function filesUnder(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

function sums(folder) {
  return filesUnder(folder)
    .filter((name) => name !== "SHA256SUMS")
    .map((name) => `${createHash("sha256").update(readFileSync(join(folder, name))).digest("hex")}  ${name}\n`)
    .join("");
}

function install() {
  cpSync(join(here, "package.json"), join(room, "package.json"));
  // No install scripts and no optional packages: sass needs neither to compile once.
  const flags = ["--ignore-scripts", "--omit=optional", "--no-package-lock", "--no-audit", "--no-fund", "--silent"];
  execFileSync("npm", ["install", ...flags], { cwd: room, stdio: "inherit" });
}

async function build() {
  const font = join(packages, "@fontsource", "atkinson-hyperlegible-next");
  mkdirSync(join(out, "fonts"), { recursive: true });
  mkdirSync(join(out, "licences"));

  const sass = await import(pathToFileURL(join(packages, "sass", "sass.node.mjs")).href);
  const { css } = sass.compile(join(here, "bones.scss"), { loadPaths: [packages], style: "compressed", quietDeps: true });
  writeFileSync(join(out, "govuk-frontend.min.css"), withoutSourceMap(css));

  for (const [name, path] of [
    ["govuk-frontend.min.js", ["govuk-frontend", "dist", "govuk", "govuk-frontend.min.js"]],
    ["htmx.min.js", ["htmx.org", "dist", "htmx.min.js"]],
  ]) {
    writeFileSync(join(out, name), withoutSourceMap(readFileSync(join(packages, ...path), "utf8")));
  }

  for (const subset of ["latin", "latin-ext"]) {
    for (const weight of [400, 700]) {
      const name = `atkinson-hyperlegible-next-${subset}-${weight}-normal.woff2`;
      cpSync(join(font, "files", name), join(out, "fonts", name));
    }
  }

  cpSync(join(font, "LICENSE"), join(out, "licences", "atkinson-hyperlegible-next.txt"));
  cpSync(join(packages, "htmx.org", "LICENSE"), join(out, "licences", "htmx.txt"));
  cpSync(join(here, "licences", "govuk-frontend.txt"), join(out, "licences", "govuk-frontend.txt")); // not in its package
  writeFileSync(join(out, "SHA256SUMS"), sums(out));
}

try {
  install();
  await build();
  if (process.argv.includes("--check")) {
    const pinned = readFileSync(join(out, "SHA256SUMS"), "utf8");
    if (sums(vendor) !== pinned || readFileSync(join(vendor, "SHA256SUMS"), "utf8") !== pinned) {
      console.error("static/vendor is not what package.json builds: run `make vendor` and look at the difference.");
      process.exitCode = 1;
    } else {
      console.log("static/vendor is what package.json builds.");
    }
  } else {
    rmSync(vendor, { recursive: true, force: true });
    cpSync(out, vendor, { recursive: true });
    console.log(readFileSync(join(vendor, "SHA256SUMS"), "utf8").trimEnd());
  }
} finally {
  rmSync(room, { recursive: true, force: true });
}
