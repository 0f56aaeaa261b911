import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { FaultError } from '../../shared/faults';
import { NIQE_FEATURES, type NaturalModel } from '../kernels/metrics/niqe';
import { readNpz, type NpyArray } from './npz';

function arrayOf(arrays: ReadonlyMap<string, NpyArray>, name: string, length: number): ArrayLike<number> {
  const found = arrays.get(name);
  if (found?.values.length === length) return found.values;
  throw new Error(
    `${name} should have ${length} numbers, and ${found ? `has ${found.values.length}` : 'is not there'}`,
  );
}

/** NIQE's model of natural pictures from its file; throws `bad-model` where that is not what it should be. */
export async function loadNatural(path: string): Promise<NaturalModel> {
  try {
    const arrays = readNpz(await readFile(path));
    return {
      mean: arrayOf(arrays, 'mu_pris_param', NIQE_FEATURES),
      covariance: arrayOf(arrays, 'cov_pris_param', NIQE_FEATURES ** 2),
    };
  } catch (error) {
    throw new FaultError(
      'bad-model',
      `Expected ${path} to hold NIQE's model of natural pictures (mu_pris_param, cov_pris_param), ` +
        `but ${error instanceof Error ? error.message : String(error)}; replace or remove the file.`,
      { file: basename(path) },
    );
  }
}
