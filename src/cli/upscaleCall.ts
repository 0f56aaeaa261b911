import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { EMBEDDED, type Device, type Encoding, type MethodOptions, type Page } from '../shared/contract';
import { FORMATS, formatsThat, isDeep, isLossy, writtenTraits, type OutputFormat } from '../shared/formats';
import type { Rect } from '../shared/geometry';
import { readControls, type ControlOptions } from './controls';
import { WrongCall } from './exitStatus';
import {
  readDepth,
  readDevice,
  readFormat,
  readPage,
  readPixels,
  readQuality,
  readRegion,
  readScale,
  readStrip,
} from './optionValues';
import {
  readNamePattern,
  tellsPhotosApart,
  USUAL_EMBEDDED_NAME,
  USUAL_NAME,
  USUAL_PAGE_NAME,
  type NamePattern,
} from './namePattern';
import { readOutput, type Existing, type OutputPlace } from './outputNames';
import type { InputKind } from './photoFiles';
import { readPrint } from './printSize';
import { readShard, type Shard } from './shard';
import type { Target } from './sizes';

/** The options of `upscale` as commander gives them: text as typed. */
export interface UpscaleOptions extends ControlOptions {
  readonly output?: string;
  readonly method: string;
  readonly scale?: string;
  readonly width?: string;
  readonly height?: string;
  readonly print?: string;
  readonly region?: string;
  readonly page?: string;
  readonly format?: string;
  readonly quality?: string;
  readonly depth?: string;
  readonly strip?: string;
  readonly keepDate?: boolean;
  readonly provenance?: boolean;
  readonly device: string;
  readonly ensemble?: boolean;
  readonly cascade?: boolean;
  readonly consistent?: boolean;
  readonly invented?: string;
  readonly name?: string;
  readonly skipExisting?: boolean;
  readonly watch?: boolean;
  readonly shard?: string;
  readonly overwrite?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** A call of `upscale`, read and found possible as far as that can be known without opening a photo. */
export interface UpscaleCall {
  readonly inputs: readonly string[];
  readonly place: OutputPlace;
  /** How results in a folder are named. */
  readonly pattern: NamePattern;
  /** Where the map of what was invented goes, where it was asked for. */
  readonly invented: string | undefined;
  readonly method: string;
  readonly target: Target;
  readonly region: Rect<'source'> | undefined;
  /** Which picture of the file; undefined: the first, and nobody asked. */
  readonly page: Page | undefined;
  readonly options: MethodOptions;
  readonly device: Device;
  readonly encoding: Encoding;
  readonly overwrite: boolean;
  /** What is there already is left as it is, and is no failure. */
  readonly skipExisting: boolean;
  /** Go on with photos that come into the folders later. */
  readonly watch: boolean;
  readonly shard: Shard | undefined;
}

const DEFAULT_SCALE = 4;

function readTarget(options: UpscaleOptions): Target {
  const { scale, width, height, print } = options;
  const given = Object.entries({ scale, width, height, print }).filter(([, text]) => text !== undefined);
  if (given.length > 1) {
    const names = given.map(([name]) => `--${name}`).join(' and ');
    throw new WrongCall(`Expected one of --scale, --width, --height and --print, received ${names}.`);
  }
  if (width !== undefined) return { by: 'width', pixels: readPixels('--width', width) };
  if (height !== undefined) return { by: 'height', pixels: readPixels('--height', height) };
  if (print !== undefined) return { by: 'print', print: readPrint(print) };
  return { by: 'scale', scale: scale === undefined ? DEFAULT_SCALE : readScale(scale) };
}

function readEncoding(options: UpscaleOptions, format: OutputFormat, target: Target): Encoding {
  const quality = options.quality === undefined ? undefined : readQuality(options.quality);
  const depth = options.depth === undefined ? undefined : readDepth(options.depth);
  const traits = writtenTraits(format);
  if (quality !== undefined && !isLossy(traits)) {
    throw new WrongCall(
      `Expected --quality only with ${formatsThat(isLossy).join(', ')}: ${FORMATS[format].name} loses nothing.`,
    );
  }
  if (depth === 16 && !isDeep(traits)) {
    throw new WrongCall(
      `Expected --depth 16 only with ${formatsThat(isDeep).join(', ')}: ${FORMATS[format].name} has 8 bits.`,
    );
  }
  return {
    format,
    ...(quality === undefined ? {} : { quality }),
    ...(depth === undefined ? {} : { depth }),
    ...(options.strip === undefined ? {} : { strip: readStrip(options.strip) }),
    ...(options.keepDate ? { keepDate: true } : {}),
    ...(options.provenance === false ? { provenance: false } : {}),
    ...(target.by === 'print' ? { density: target.print.densityPpi } : {}),
  };
}

/** `statSync` throws where a part of the path is no folder or is closed to us; the writing will say which. */
function existingAt(path: string): Existing {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    return found ? (found.isDirectory() ? 'folder' : 'file') : 'nothing';
  } catch {
    return 'nothing';
  }
}

/** The map of what was invented: one PNG, so for one photo; neither the photo nor the result. */
function readMapPath(path: string, inputs: readonly string[], many: boolean, place: OutputPlace): string {
  if (many) {
    throw new WrongCall('Expected one photo with --invented, which writes one map, received several.');
  }
  if (!/\.png$/i.test(path))
    throw new WrongCall(`Expected --invented to name a .png file, received ${path}.`);
  const taken = place.kind === 'file' ? [...inputs, place.path] : inputs;
  if (taken.some((other) => resolve(other) === resolve(path))) {
    throw new WrongCall(`Expected --invented to name a file of its own, received ${path}.`);
  }
  return path;
}

function readPattern({ name: text, page }: UpscaleOptions, many: boolean, place: OutputPlace): NamePattern {
  if (text === undefined) {
    return page === undefined ? USUAL_NAME : page === EMBEDDED ? USUAL_EMBEDDED_NAME : USUAL_PAGE_NAME;
  }
  const pattern = readNamePattern(text);
  if (place.kind === 'file') {
    throw new WrongCall(`Expected --name only with a folder after -o, received the file ${place.path}.`);
  }
  if (many && !tellsPhotosApart(pattern)) {
    throw new WrongCall(`Expected {name} in --name for several photos, received ${text}.`);
  }
  return pattern;
}

/**
 * Reads a call; every mistake that no photo is needed for is a `WrongCall`. `kinds`: what each input is, in their order.
 */
export function readUpscaleCall(
  given: readonly string[],
  options: UpscaleOptions,
  kinds: readonly InputKind[] = given.map(() => 'photo'),
): UpscaleCall {
  const inputs = given.filter(
    (input, at) => given.findIndex((one) => resolve(one) === resolve(input)) === at,
  );
  const many = inputs.length > 1 || kinds.some((kind) => kind !== 'photo');
  const { output } = options;
  if (output === undefined || output === '') {
    throw new WrongCall('Expected -o with a file or a folder for the result.');
  }
  if (output === '-') {
    throw new WrongCall(
      'Expected -o to name a file or a folder, received -: results are not written to standard output, since they appear whole or not at all; write ./- if a file of that name is meant.',
    );
  }
  if (/^--[a-z]/.test(output)) {
    throw new WrongCall(
      `Expected a file or folder after -o, received ${output}; write ./${output} if it is one.`,
    );
  }
  const target = readTarget(options);
  const region = options.region === undefined ? undefined : readRegion(options.region);
  const device = readDevice(options.device);
  const format = options.format === undefined ? undefined : readFormat(options.format);
  const place = readOutput(output, many, existingAt(output), format);
  const encoding = readEncoding(options, place.format, target);
  if (place.kind === 'file' && inputs[0] !== undefined && resolve(inputs[0]) === resolve(place.path)) {
    throw new WrongCall(`Expected -o to name another file than the photo itself, received ${place.path}.`);
  }
  const { overwrite = false, skipExisting = false, watch = false } = options;
  if (overwrite && (skipExisting || watch)) {
    const other = skipExisting ? '--skip-existing' : '--watch';
    throw new WrongCall(`Expected one of --overwrite and ${other}, received both.`);
  }
  if (watch && !kinds.includes('folder')) {
    throw new WrongCall('Expected a folder to --watch, received none; name one that photos come into.');
  }
  const invented =
    options.invented === undefined ? undefined : readMapPath(options.invented, inputs, many, place);
  return {
    inputs,
    place,
    pattern: readPattern(options, many, place),
    invented,
    method: options.method,
    target,
    region,
    page: options.page === undefined ? undefined : readPage(options.page),
    options: {
      ensemble: options.ensemble ?? false,
      consistent: options.consistent ?? false,
      cascade: options.cascade ?? false,
      ...readControls(options),
    },
    device,
    encoding,
    overwrite,
    skipExisting: skipExisting || watch,
    watch,
    shard: options.shard === undefined ? undefined : readShard(options.shard),
  };
}
