import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { JobFolders, type Engines } from '../../src/engine/jobs/jobFolders';
import { ownFolder } from '../fixtures/ownFolder';

const enginesOf = (name: string, living: readonly string[]): Engines => ({
  name,
  lives: (one) => Promise.resolve(living.includes(one)),
});

it('a folder whose engine died before its job was in the ledger goes; a living one keeps its own, the ledger keeps its', async () => {
  const [root, ledger] = [await ownFolder('scratch'), await ownFolder('ledger')];
  await new JobFolders(root, ledger, enginesOf('dead', [])).make('unwritten');
  await new JobFolders(root, ledger, enginesOf('dead', [])).make('written');
  await new JobFolders(root, ledger, enginesOf('alive', [])).make('beginning');
  await new JobFolders(root, ledger).make('untold'); // by an engine that could not write the ledger
  await new JobFolders(root, ledger, enginesOf('next', ['alive', 'next'])).sweep((job) => job === 'written');
  expect(readdirSync(root).sort()).toEqual([
    'enlarger-job-beginning',
    'enlarger-job-untold',
    'enlarger-job-written',
  ]);
});
