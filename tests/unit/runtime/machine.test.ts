import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inWords, nvidiaName } from '../../../src/engine/runtime/machine';

describe('a machine in words', () => {
  it('has a folder below the user’s own begin with ~, and no other', () => {
    const home = join('/', 'home', 'ada');
    expect(inWords(join(home, '.config', 'enlarger', 'models'), home)).toBe(
      join('~', '.config', 'enlarger', 'models'),
    );
    const other = join('/', 'home', 'adam', 'models');
    expect(inWords(other, home)).toBe(other);
    expect(inWords(home, home)).toBe(home);
  });

  it('has the name of an NVIDIA device as its driver tells it', () => {
    const told = 'Model: \t\t NVIDIA H100 80GB HBM3\nIRQ:   \t\t 0\nGPU UUID: \t GPU-1\n';
    expect(nvidiaName(told)).toBe('NVIDIA H100 80GB HBM3');
    expect(nvidiaName('')).toBeNull();
  });
});
