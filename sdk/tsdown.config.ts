import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    react: 'src/react/index.ts',
    documents: 'src/documents/index.ts',
    tabs: 'src/tabs/index.ts',
  },
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  dts: true,
  sourcemap: true,
  fixedExtension: false,
  deps: { neverBundle: [/^react/, /^yjs/, /^y-/, /^lib0/] },
});
