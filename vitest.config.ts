import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

/** Two projects: rooms that run in Node, and the page's pure parts and components in happy-dom. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'node',
          environment: 'node',
          globalSetup: 'tests/fixtures/temporaryFolder.ts',
          include: ['tests/{unit,engine,doors,cli}/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // As src/engine/index.ts does, for tests that load the runtime into their own process.
          env: { ORT_DISABLE_TELEMETRY: '1' },
        },
      },
      {
        plugins: [vue()],
        test: { name: 'page', environment: 'happy-dom', include: ['tests/renderer/**/*.test.ts'] },
      },
    ],
  },
});
