import type { RecoveredLook } from '../../../shared/contract';
import { FaultError } from '../../../shared/faults';
import { rect } from '../../../shared/geometry';
import type { ColourTable } from '../../kernels/color/lut';
import type { Raster } from '../../kernels/raster';
import { LOOK_SIDE, lookPixels } from '../lookPixels';

/** Tests whose pictures are kept, the newest; each is some megabytes. */
const TESTS_MAX = 3;

interface LookPart {
  readonly width: number;
  readonly height: number;
  readonly original: string;
  readonly input: string;
  readonly pictures: { readonly method: string; readonly pixels: string }[];
}

/** The middle of a picture as it is shown. */
function middle(
  picture: Raster,
  table: ColourTable | null,
): { pixels: string; width: number; height: number } {
  const width = Math.min(LOOK_SIDE, picture.width);
  const height = Math.min(LOOK_SIDE, picture.height);
  const [x, y] = [Math.floor((picture.width - width) / 2), Math.floor((picture.height - height) / 2)];
  return { pixels: lookPixels(picture, rect(x, y, width, height), table), width, height };
}

/** What methods made of hidden parts, of the last tests, to be looked at beside the photo. */
export class RecoveredLooks {
  private readonly tests = new Map<string, LookPart[]>();

  begin(job: string): void {
    this.tests.set(job, []);
    for (const old of [...this.tests.keys()].slice(0, -TESTS_MAX)) this.tests.delete(old);
  }

  /** A part is hidden; `plain`: the reduced part, as large as the original again. */
  hide(job: string, original: Raster, plain: Raster, table: ColourTable | null): void {
    const { pixels, width, height } = middle(original, table);
    this.tests
      .get(job)
      ?.push({ width, height, original: pixels, input: middle(plain, table).pixels, pictures: [] });
  }

  /** What a method made of the part hidden last. */
  add(job: string, method: string, result: Raster, table: ColourTable | null): void {
    this.tests
      .get(job)
      ?.at(-1)
      ?.pictures.push({ method, pixels: middle(result, table).pixels });
  }

  /** Throws `not-found` where a test has no such part, or is forgotten. */
  get(job: string, part: number): RecoveredLook {
    const parts = this.tests.get(job);
    const found = parts?.[part];
    if (parts && found) return { ...found, parts: parts.length, pictures: [...found.pictures] };
    throw new FaultError(
      'not-found',
      `Expected a part of a recent test, received part ${part} of ${job}; test again.`,
    );
  }
}
