import { resolve } from 'node:path';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'electron-vite';

const room = (path: string): string => resolve(import.meta.dirname, 'src', path);

/**
 * One build for every process. The `main` section holds all Node rooms (desktop shell, engine, host,
 * command line) so that they share chunks; it runs first and empties `out`.
 */
export default defineConfig({
  main: {
    build: {
      outDir: 'out',
      emptyOutDir: true,
      target: 'node20.19',
      rolldownOptions: {
        input: {
          main: room('main/index.ts'),
          engine: room('engine/index.ts'),
          host: room('host/index.ts'),
          cli: room('cli/index.ts'),
        },
        output: { entryFileNames: '[name]/index.js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      externalizeDeps: false,
      target: 'node20.19',
      // A sandboxed preload must be one CommonJS file.
      rolldownOptions: {
        input: room('preload/index.ts'),
        output: { format: 'cjs', entryFileNames: 'index.cjs' },
      },
    },
  },
  renderer: {
    root: room('renderer'),
    plugins: [vue()],
    build: {
      outDir: 'out/renderer',
      target: 'es2023',
      minify: true,
      rolldownOptions: { input: room('renderer/index.html') },
    },
  },
});
