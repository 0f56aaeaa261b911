import { sharp } from './vips';

/** The codec's parts and their versions, for `doctor`. */
export function codecVersions(): { sharp: string; libvips: string } {
  return { sharp: sharp.versions.sharp, libvips: sharp.versions.vips };
}
