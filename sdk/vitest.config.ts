import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^@collabd\/sdk$/, replacement: source('index.ts') },
      { find: /^@collabd\/sdk\/react$/, replacement: source('react/index.ts') },
      { find: /^@collabd\/sdk\/documents$/, replacement: source('documents/index.ts') },
      { find: /^@collabd\/sdk\/tabs$/, replacement: source('tabs/index.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    // Two servers at a time are plenty for small machines.
    maxWorkers: 2,
    testTimeout: 20_000,
    restoreMocks: true,
    unstubGlobals: true,
  },
});
