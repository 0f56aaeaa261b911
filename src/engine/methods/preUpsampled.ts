import { factorsFor } from './compose';
import type { LoadedFile, ModelKind } from './modelMethod';
import { stageOf } from './network';
import { BicubicStage, type Stage } from './stage';

/**
 * Networks that refine a bicubic enlargement at the target size (SRCNN, VDSR). A file for all scales is
 * used at the very scale that is wanted; files for certain ones are composed as other networks' are.
 */
export class PreUpsampledKind implements ModelKind {
  private readonly byScale: ReadonlyMap<number, LoadedFile>;
  private readonly forAll: LoadedFile | undefined;

  constructor(files: readonly LoadedFile[]) {
    this.byScale = new Map(files.map((loaded) => [loaded.file.scale, loaded]));
    this.forAll = this.byScale.get(0);
  }

  factors(scale: number, cascade: boolean): number[] {
    return this.forAll ? [scale] : factorsFor(scale, [...this.byScale.keys()], cascade);
  }

  fileFor(factor: number): LoadedFile {
    return this.byScale.get(factor) ?? this.forAll!;
  }

  stage(inner: Stage, factor: number): Stage {
    return stageOf(this.fileFor(factor), new BicubicStage(inner, factor));
  }

  tileSide(factor: number): number {
    return this.fileFor(factor).runner.tileSide;
  }

  macsPerPixel(factor: number): number {
    return this.fileFor(factor).file.macsPerPixel * factor * factor;
  }
}
