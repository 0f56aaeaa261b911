import { area, outputSize, wholeOf, type Rect, type Size } from '../../shared/geometry';
import { borderOf, overlapOf, type ModelFile } from '../../shared/manifest';
import { raster } from '../kernels/raster';
import { copyPart, type Window } from '../kernels/window';
import { RunFailure, type ModelRunner } from '../runtime/modelRunner';
import type { MadeOnce } from './madeOnce';
import { pictureKey } from './photoKey';
import { NetworkStage, runsPerTile, type Reach, type Stage, type StageRun, type TileRunner } from './stage';
import type { Survey, Surveys } from './surveys';

/** A part as memory of its own: windows are given away to the finishing, and the whole is kept for other parts. */
function copyOf(whole: Window, part: Rect): Window {
  const pixels = raster(part.width, part.height, whole.pixels.channels);
  copyPart(whole, { rect: part, pixels }, part);
  return { rect: part, pixels };
}

/** A picture does not fit into one run any more: somebody else has tried, while this one waited. */
class TooLarge extends Error {}

const sidesOf = ({ before, after }: Reach): number => before + after;

/** What several rectangles of a picture have in common. */
export interface SurveyedParts {
  readonly surveys: Surveys;
  readonly wholeTiles: MadeOnce<Window>;
}

/**
 * A network that takes means over the whole picture, and otherwise sees no further than its receptive field (channel
 * attention as in RCAN). The means are taken once, of samples of the picture, and held for all of its tiles, which are then
 * what any network's are: of any size, and the same wherever they begin. A picture that is one tile is run whole, and
 * takes its own.
 */
export class SurveyedStage implements Stage {
  readonly size: Size;

  constructor(
    private readonly inner: Stage,
    private readonly runner: ModelRunner,
    private readonly file: Pick<ModelFile, 'receptiveField'>,
    private readonly parts: SurveyedParts,
  ) {
    this.size = outputSize(inner.size, runner.model.shape.factor);
  }

  needs(part: Rect): Rect {
    return this.on(this.runner).needs(part);
  }

  async read(part: Rect, run: StageRun): Promise<Window> {
    const key = pictureKey(this.runner.model, this.inner.size, run);
    if (this.isOneTile) {
      const whole = await this.whole(key, run);
      return whole ? copyOf(whole, part) : this.read(part, run);
    }
    const survey = await this.parts.surveys.of(key, this.inner, run);
    return this.on(this.holding(survey)).read(part, run);
  }

  /** Asked each time: where memory was short, tiles are smaller from then on. */
  private get isOneTile(): boolean {
    const { tileSide, largestCore, model } = this.runner;
    const { width, height } = this.inner.size;
    const border = sidesOf(borderOf(this.file.receptiveField));
    const read = { width: width + border, height: height + border };
    return area(read) <= (tileSide + model.overlap) ** 2 && Math.max(width, height) <= largestCore;
  }

  private on(runner: TileRunner): NetworkStage {
    const { receptiveField } = this.file;
    return new NetworkStage(this.inner, runner, overlapOf(receptiveField), borderOf(receptiveField));
  }

  /** The picture in one run; undefined where the device failed at it, and smaller tiles or another device are next. */
  private async whole(key: string, run: StageRun): Promise<Window | undefined> {
    const { runner, inner } = this;
    const runs = runsPerTile(run.runSettings);
    let keptRuns = runs;
    run.runs?.expect(runs);
    const make = async (): Promise<Window> => {
      if (!this.isOneTile) throw new TooLarge();
      keptRuns = 0;
      const first = await run.firstAt(this.needs(wholeOf(this.size)));
      return this.on(runner).inOneRun(wholeOf(inner.size), { ...run, first });
    };
    try {
      const window = await this.parts.wholeTiles.of(key, make, run.signal);
      if (keptRuns > 0) run.runs?.ran(keptRuns);
      return window;
    } catch (error) {
      if (!(error instanceof RunFailure) && !(error instanceof TooLarge)) throw error;
      run.runs?.expect(-runs); // it will not be made so
      if (error instanceof TooLarge) return undefined;
      const side = Math.min(Math.max(inner.size.width, inner.size.height), runner.tileSide);
      if (await runner.shrinkAfter(error, side, run.runSettings)) runner.sayShrunk(error.device);
      return undefined;
    }
  }

  /** The network with these means in the place of each tile's own. */
  private holding(survey: Survey): TileRunner {
    const { runner, parts } = this;
    return {
      model: runner.model,
      get tileSide() {
        return runner.tileSide;
      },
      largestCore: runner.largestCore,
      shrinkAfter: (...failed) => runner.shrinkAfter(...failed),
      sayShrunk: (device) => runner.sayShrunk(device),
      run: (input, runSettings, orientation) =>
        parts.surveys.runner.run(input, survey.get(orientation)!, runSettings),
    };
  }
}
