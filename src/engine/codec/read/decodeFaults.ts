import { FaultError } from '../../../shared/faults';

/** A decoder's complaint as a fault that names the file; `rows`: what could be read before it. */
export function unreadable(
  name: string,
  error: unknown,
  rows?: { readonly read: number; readonly of: number },
): FaultError {
  const detail = error instanceof Error ? error.message : String(error);
  const cut = /premature end|truncated|unexpected end|bad seek|read error|unable to parse|fill_input/i.test(
    detail,
  );
  const found = cut ? 'a file that ends too early' : 'damaged data';
  const there =
    rows && rows.read > 0
      ? ` after ${Math.floor((100 * rows.read) / rows.of)} % of the picture (row ${rows.read} of ${rows.of})`
      : '';
  return new FaultError(
    'unreadable-image',
    `Expected a whole picture in ${name}, found ${found}${there}; copy it again from where it came from.`,
    { file: name, detail },
  );
}
