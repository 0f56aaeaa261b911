import type { Size } from '../../shared/geometry';
import type { Photo } from '../photos/photo';
import type { RunnerModel } from '../runtime/modelRunner';
import type { StageRun } from './stage';

const numbers = new WeakMap<Photo, number>();
let photosSeen = 0;

/** Tells a photo that is open from every other one that was. */
export function photoKey(photo: Photo): string {
  const number = numbers.get(photo) ?? photosSeen++;
  numbers.set(photo, number);
  return String(number);
}

/** Tells what a network makes of a stage's picture from all else: of a cascade each pass has a picture of its own size. */
export function pictureKey({ sha256, second }: RunnerModel, size: Size, run: StageRun): string {
  const { photoKey: photo, runSettings } = run;
  const { device, ensemble, strength } = runSettings;
  const settings = [device, ensemble, second && strength].join(' ');
  return `${sha256}|${photo}|${size.width}x${size.height}|${settings}`;
}
