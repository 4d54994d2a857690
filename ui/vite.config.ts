import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compress } from './vite-compress.ts';

const sdk = (path: string) => fileURLToPath(new URL(`../sdk/src/${path}`, import.meta.url));
/** Where `npm run dev` finds a server. */
const SERVER = process.env.COLLABD_URL ?? 'http://127.0.0.1:3000';

export default defineConfig({
  plugins: [react(), compress()],
  resolve: {
    // The SDK is compiled with the page, from its sources.
    alias: [
      { find: /^@collabd\/sdk$/, replacement: sdk('index.ts') },
      { find: /^@collabd\/sdk\/react$/, replacement: sdk('react/index.ts') },
      { find: /^@collabd\/sdk\/documents$/, replacement: sdk('documents/index.ts') },
      { find: /^@collabd\/sdk\/tabs$/, replacement: sdk('tabs/index.ts') },
    ],
    // Or the SDK would bring those of its own directory, and there would be two of each.
    dedupe: ['react', 'react-dom', 'yjs', 'y-protocols', 'lib0', 'y-indexeddb'],
  },
  build: {
    target: 'es2022',
    // The first ones with `light-dark()`, on which both themes are built.
    cssTarget: ['chrome123', 'firefox128', 'safari17.5'],
    // What is inlined would need `data:` in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The scene's library alone; it comes with the first scene.
    chunkSizeWarningLimit: 1_000,
  },
  server: {
    proxy: {
      '/graphql': SERVER,
      '/ws': { target: SERVER, ws: true },
      '/metrics': SERVER,
      '/health': SERVER,
      '/admin': SERVER,
    },
  },
});
