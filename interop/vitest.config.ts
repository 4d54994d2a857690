import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Each file has servers of its own. Two at a time: more only wait for each other, and one of them waits for time.
    maxWorkers: 2,
    // A fault shows as a condition that is not met by its own deadline, which says more than this one.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    reporters: ['verbose'],
  },
});
