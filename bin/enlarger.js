#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const built = new URL('../out/cli/index.js', import.meta.url);
if (existsSync(built)) {
  await import(built.href);
} else {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  process.stderr.write(`error: Enlarger is not built yet; run "npm run build" in ${root}.\n`);
  process.exitCode = 1;
}
