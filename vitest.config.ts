import { availableParallelism } from 'node:os';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

/** Nothing measures time: a test that hangs is ended, and a machine that is busy only takes longer. */
const patient = {
  testTimeout: 60_000,
  hookTimeout: 60_000,
  expect: { poll: { timeout: 30_000 } },
  // As in playwright.config.ts: the run names it, see bin/flakyReporter.js.
  retry: process.env['CI'] ? 1 : 0,
} as const;

const node = {
  ...patient,
  environment: 'node',
  // As src/engine/index.ts does, for tests that load the runtime into their own process.
  env: { ORT_DISABLE_TELEMETRY: '1' },
} as const;

/**
 * Three projects: rooms that run in Node, the pure parts of these, and the page's in happy-dom. The files of the last
 * two share the modules that they import, since loading these took longer than the tests.
 */
export default defineConfig({
  test: {
    globalSetup: 'tests/fixtures/temporaryFolder.ts',
    // A file waits for its processes and its disk half of the time: two at once even on two cores.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      { test: { ...node, name: 'node', include: ['tests/{engine,doors,cli}/**/*.test.ts'] } },
      { test: { ...node, name: 'pure', include: ['tests/unit/**/*.test.ts'], isolate: false } },
      {
        plugins: [vue()],
        test: {
          ...patient,
          name: 'page',
          environment: 'happy-dom',
          include: ['tests/renderer/**/*.test.ts'],
          isolate: false,
        },
      },
    ],
  },
});
