import type { EnlargedGainMap } from '../../metadata/gainMap';
import type { PhotoMetadata } from '../../metadata/metadata';
import { describeTiff } from '../../metadata/tiffExif';
import type { PixelLayout } from '../../scratch/layout';
import type { EncodingPlan } from '../plan';
import { leftOut } from './leftOut';
import { carryToAvif } from './toAvif';
import { carryToJpeg } from './toJpeg';
import { carryToPng } from './toPng';
import { carryToWebp } from './toWebp';

/** Puts what a photo carries around encoded pixels; gives sentences about what the format has no place for. */
export async function carry(
  file: string,
  plan: EncodingPlan,
  metadata: PhotoMetadata,
  layout: PixelLayout,
  gainMap: EnlargedGainMap | undefined,
): Promise<string[]> {
  const { icc, ...others } = metadata;
  const told: PhotoMetadata = {
    ...others,
    ...(icc && !plan.convertsGrey && { icc }),
    density: plan.density,
  };
  switch (plan.format) {
    case 'png':
      return carryToPng(file, told);
    case 'jpeg':
      return carryToJpeg(file, told, gainMap);
    case 'webp':
      return carryToWebp(file, told, layout);
    case 'tiff':
      return describeTiff(file, told);
    case 'avif':
      return carryToAvif(file, told);
    case 'jxl':
      return leftOut(plan.format, told);
  }
}
