#!/usr/bin/env node
/** The command line. Builds first where needed, as `npm start` does; what that says goes to standard error. */
import { ensureBuilt } from './build.js';

if (ensureBuilt()) await import(new URL('../out/cli/index.js', import.meta.url).href);
else process.exitCode = 1;
