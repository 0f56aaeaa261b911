import { borderOf, edgesOf, overlapOf } from '../../shared/manifest';
import { factorsFor } from './compose';
import { FeatheredStage } from './feathered';
import type { LoadedFile, ModelKind } from './modelMethod';
import { NetworkStage, type Stage } from './stage';
import { SurveyedStage } from './surveyed';

/**
 * A network on a stage: by its receptive field where that is exact, with the means of the whole picture where it takes
 * some, by fixed, fading tiles where it takes more.
 */
export function stageOf({ file, runner, wholeTiles, surveys }: LoadedFile, inner: Stage): Stage {
  const { receptiveField, align } = file;
  if (surveys) return new SurveyedStage(inner, runner, file, { surveys, wholeTiles });
  return receptiveField.exact
    ? new NetworkStage(inner, runner, overlapOf(receptiveField), borderOf(receptiveField))
    : new FeatheredStage(inner, runner, edgesOf(receptiveField, align), align ?? 1, wholeTiles);
}

/** Networks that enlarge by themselves, one file a scale. */
export class NetworkKind implements ModelKind {
  private readonly byScale: ReadonlyMap<number, LoadedFile>;

  constructor(files: readonly LoadedFile[]) {
    this.byScale = new Map(files.map((loaded) => [loaded.file.scale, loaded]));
  }

  factors(scale: number, cascade: boolean): number[] {
    return factorsFor(scale, [...this.byScale.keys()], cascade);
  }

  fileFor(factor: number): LoadedFile {
    return this.byScale.get(factor)!;
  }

  stage(inner: Stage, factor: number): Stage {
    return stageOf(this.fileFor(factor), inner);
  }

  tileSide(factor: number): number {
    return this.fileFor(factor).runner.tileSide * factor;
  }

  macsPerPixel(factor: number): number {
    return this.fileFor(factor).file.macsPerPixel;
  }
}
