import { versions } from './vips';

/** The codec's parts and their versions, for `doctor`. */
export function codecVersions(): { sharp: string; libvips: string } {
  return { sharp: versions.sharp, libvips: versions.vips };
}
