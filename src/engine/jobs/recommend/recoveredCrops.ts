import type { RecoveredCrops } from '../../../shared/contract';
import { FaultError } from '../../../shared/faults';
import { wholeOf, type Rect } from '../../../shared/geometry';
import type { ColourTable } from '../../kernels/color/lut';
import type { Raster } from '../../kernels/raster';
import { CROP_SIDE, cropPixels, middleOf } from '../cropPixels';

/** Tests whose pictures are kept, the newest; each is some megabytes. */
const TESTS_MAX = 3;

interface PartCrops {
  readonly width: number;
  readonly height: number;
  readonly original: string;
  readonly input: string;
  readonly pictures: { readonly method: string; readonly pixels: string }[];
}

/** The pictures of one test as it goes on. */
export class TestCrops {
  /** @param table from the photo's colours to a screen's; null: they are that. */
  constructor(
    private readonly parts: PartCrops[],
    private readonly table: ColourTable | null,
  ) {}

  /** A part is hidden; `plain`: the reduced part, as large as the original again. */
  hide(original: Raster, plain: Raster): void {
    const { width, height } = shownOf(original);
    this.parts.push({
      width,
      height,
      original: this.middle(original),
      input: this.middle(plain),
      pictures: [],
    });
  }

  /** What a method made of the part hidden last. */
  add(method: string, result: Raster): void {
    this.parts.at(-1)?.pictures.push({ method, pixels: this.middle(result) });
  }

  private middle(picture: Raster): string {
    return cropPixels(picture, shownOf(picture), this.table);
  }
}

/** What is shown of a picture. */
const shownOf = (picture: Raster): Rect => middleOf(wholeOf(picture), CROP_SIDE);

/** What methods made of hidden parts, of the last tests, to be looked at beside the photo. */
export class RecentCrops {
  private readonly tests = new Map<string, PartCrops[]>();

  begin(job: string, table: ColourTable | null): TestCrops {
    const parts: PartCrops[] = [];
    this.tests.set(job, parts);
    for (const old of [...this.tests.keys()].slice(0, -TESTS_MAX)) this.tests.delete(old);
    return new TestCrops(parts, table);
  }

  /** Throws `not-found` where a test has no such part, or is forgotten. */
  get(job: string, part: number): RecoveredCrops {
    const parts = this.tests.get(job);
    const found = parts?.[part];
    if (parts && found) return { ...found, parts: parts.length, pictures: [...found.pictures] };
    throw new FaultError(
      'not-found',
      `Expected a part of a recent test, received part ${part} of ${job}; test again.`,
    );
  }
}
