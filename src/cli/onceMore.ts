import { faultOf } from '../shared/faults';

/**
 * Does what leaves nothing behind that could go on: where the engine dies meanwhile it begins once more, with the one
 * that was started in its place, after `onAgain`. A second death is thrown like any other fault.
 */
export async function onceMore<T>(work: () => Promise<T>, onAgain: () => void): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (faultOf(error).code !== 'engine-lost') throw error;
    onAgain();
    return work();
  }
}
