import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** In development Vite answers for the pages, and hands on what the server answers for. */
const server = process.env['MILLRACE_DEV_SERVER'] ?? 'http://127.0.0.1:3000';
const serverPaths = /^\/(v1|docs|swagger|metrics|healthz|readyz|openapi\.json|asyncapi\.json)(\/|\?|$)/;

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    target: 'es2023',
    manifest: true,
    // The server's policy allows no image in a style sheet's text to be anything but small; files are cached for good.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  server: {
    host: process.env['MILLRACE_HOST'] ?? '127.0.0.1',
    proxy: { [serverPaths.source]: { target: server, ws: true } },
  },
});
