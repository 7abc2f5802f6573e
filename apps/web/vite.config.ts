import { defineConfig } from "vite";

// Where `vite dev` sends what is not the console's own: a server started with `cmo serve`.
const api = process.env.CMO_API_URL ?? "http://127.0.0.1:2660";

export default defineConfig({
  // Relative, so that it also works behind a proxy that adds a prefix.
  base: "./",
  resolve: { conditions: ["@cmo/source", "module", "browser", "development|production"] },
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    // The strict Content-Security-Policy takes nothing that stands in the page itself.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // For the workers of unzipit in Node, which are not used here.
    rolldownOptions: { external: ["node:worker_threads"] },
  },
  server: {
    host: "127.0.0.1",
    proxy: {
      "/api": { target: api, changeOrigin: true },
      "/healthz": { target: api, changeOrigin: true },
    },
  },
});
