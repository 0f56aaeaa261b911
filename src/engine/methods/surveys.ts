import { cutMirrored, mirroredSource } from '../kernels/margin';
import { orient, type Orientation } from '../kernels/orient';
import type { Raster } from '../kernels/raster';
import { samplesOf } from '../kernels/samples';
import type { Means, MeansRunner } from '../runtime/meansRunner';
import { orientationsOf } from '../runtime/runSettings';
import { ByteCache } from '../state/byteCache';
import { MadeOnce } from './madeOnce';
import type { Stage, StageRun } from './stage';

/** What a network's means are of a whole picture, in each orientation in which it is run. */
export type Survey = ReadonlyMap<Orientation, Means>;

/** Some hundreds of pictures'. */
const KEPT_BYTES = 8 * 2 ** 20;

function bytesOf(survey: Survey): number {
  let bytes = 0;
  for (const means of survey.values()) for (const { data } of means.values()) bytes += data.byteLength;
  return bytes;
}

/** The surveys of a network: each picture is sampled once, whichever of its tiles is asked for first. */
export class Surveys {
  private readonly made = new MadeOnce<Survey>(new ByteCache(KEPT_BYTES, bytesOf));

  constructor(readonly runner: MeansRunner) {}

  /** That of the picture that `stage` gives, known by `key`; throws as a tile's run does. */
  of(key: string, stage: Stage, run: StageRun): Promise<Survey> {
    return this.made.of(key, () => this.take(stage, run), run.signal);
  }

  private async take(stage: Stage, run: StageRun): Promise<Survey> {
    const { runSettings, runs, signal } = run;
    const orientations = orientationsOf(runSettings);
    runs?.expect(orientations.length);
    const samples: Raster[] = [];
    for (const sample of samplesOf(stage.size)) {
      signal.throwIfAborted();
      const part = mirroredSource(sample, stage.size);
      const first = await run.firstAt(stage.needs(part));
      samples.push(
        cutMirrored(await stage.read(part, { ...run, first, runs: undefined }), sample, stage.size),
      );
    }
    const survey = new Map<Orientation, Means>();
    for (const orientation of orientations) {
      signal.throwIfAborted();
      const turned = samples.map((sample) => orient(sample, orientation));
      survey.set(orientation, await this.runner.of(turned, runSettings));
      runs?.ran();
    }
    return survey;
  }
}
