import { mergeConfig } from 'vite';
import { defineConfig } from 'vitest/config';
import vite from './vite.config.ts';

export default mergeConfig(
  vite,
  defineConfig({
    test: {
      include: ['test/**/*.test.{ts,tsx}'],
      // Each file of `test/page` has a server and a browser of its own.
      maxWorkers: 2,
      // A fault shows as a condition that is not met by its own deadline, which says more than this one.
      testTimeout: 120_000,
      hookTimeout: 60_000,
    },
  }),
);
