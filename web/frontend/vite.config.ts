/* Builds every page's TypeScript and CSS into web/static/dist, with a manifest for the assets() template helper.
   A new page adds one line to `entries`; a template then names that path: {{ assets("src/console/main.ts") }}. */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const entries = {
  base: "src/shared/base.css", // Tabler, tokens and font: every desktop page links it before its own entry
  console: "src/console/main.ts",
  phone: "src/phone/main.ts",
  worker: "src/phone/worker.ts", // the phone's service worker; web/technician/worker.py puts its list of files in front
  report: "src/report/main.ts",
  job: "src/report/job.ts",
  territories: "src/territories/main.ts",
  pages: "src/report/report.css", // tables and panels alone, for pages without charts
  shell: "src/shell/main.ts", // the frame of every desktop page, sign-in included
  bare: "src/shell/shell.css", // the same without script, for customers and for when everything else is broken
};

/** Writes a .gz beside each text file, so that the server sends it without compressing on every request. */
function precompress(): Plugin {
  return {
    name: "precompress",
    apply: "build",
    writeBundle({ dir }) {
      if (!dir) throw new Error("precompress needs the bundle's folder");
      for (const name of readdirSync(dir, { recursive: true, encoding: "utf8" })) {
        if (!/\.(js|css|svg|json)$/.test(name) || name.startsWith(".vite")) continue;
        const path = join(dir, name);
        writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  base: "/static/dist/",
  build: {
    outDir: "../static/dist",
    emptyOutDir: true,
    manifest: true,
    target: "es2022",
    chunkSizeWarningLimit: 1200, // Vega, on the report pages only
    rolldownOptions: { input: entries },
  },
  plugins: [precompress()],
  test: { environment: "node", include: ["src/**/*.test.ts"] },
});
