import { CONTROL_IDS, SWITCH_IDS, type Region, type Turned as AllTurned } from '../shared/enlargement';
import {
  LADDER_SCALES,
  SHEET_CROPS_MAX,
  SHEET_FORMATS,
  SHEET_WIDTH_MAX,
  SHEET_WIDTH_MIN,
  sheetFormatOf,
  type SheetLayout,
} from '../shared/sheet';
import { readControls } from './controls';
import { WrongCall } from './exitStatus';
import { readMethods, readRegion, readScale } from './optionValues';

/** What the options of `compare` that no other command has mean, each by itself; a wrong one is a `WrongCall`. */

/** A method with what is turned in it alone: `edsr`, `edsr:ensemble`, `cs:crispness=0.4:consistent`. */
export interface MethodChoice {
  readonly id: string;
  readonly turned: AllTurned;
}

function readSetting(text: string, method: string): AllTurned {
  const [name = '', ...rest] = text.split('=');
  const value = rest.length === 0 ? undefined : rest.join('=');
  const flag = SWITCH_IDS.find((one) => one === name);
  if (flag && value === undefined) return { [flag]: true };
  const control = CONTROL_IDS.find((one) => one === name);
  if (control && value !== undefined) return readControls({ [control]: value });
  throw new WrongCall(
    `Expected a setting of ${method} to be ${SWITCH_IDS.join(', ')} or ${CONTROL_IDS.map((id) => `${id}=N`).join(', ')}, received ${text === '' ? 'nothing' : text}.`,
  );
}

/** `--method`: ids, each with what is turned in it alone. */
export function readChoices(text: string): MethodChoice[] {
  return readMethods(text).map((one) => {
    const [id = '', ...settings] = one.split(':');
    const turned = settings.reduce<AllTurned>((all, one) => ({ ...all, ...readSetting(one, id) }), {});
    return { id, turned };
  });
}

/** `--label`: what methods are called on the sheet, in their order. */
export function readLabels(labels: readonly string[], methods: number): readonly string[] {
  if (labels.length <= methods) return labels;
  throw new WrongCall(
    `Expected at most one --label for each of the ${methods} methods, received ${labels.length}.`,
  );
}

/** `-o`: a file whose ending is a format of sheets. */
export function readOutput(output: string | undefined): string {
  if (output === undefined || output === '') throw new WrongCall('Expected -o with a file for the sheet.');
  if (sheetFormatOf(output)) return output;
  throw new WrongCall(
    `Expected -o to end in ${SHEET_FORMATS.map((format) => `.${format}`).join(', ')}, received ${output}.`,
  );
}

const DEFAULT_SCALE = '4';

/** `--scale`: one, or the rungs of a ladder. */
export function readScales(text: string | undefined, layout: SheetLayout): number[] {
  if (text === undefined && layout === 'ladder') return [...LADDER_SCALES];
  const scales = (text ?? DEFAULT_SCALE).split(',').map((one) => readScale(one.trim()));
  if (layout !== 'ladder' && scales.length > 1) {
    throw new WrongCall(
      `Expected one --scale, received ${scales.join(', ')}; several make a --layout ladder.`,
    );
  }
  if (scales.length > 12) throw new WrongCall(`Expected at most 12 scales, received ${scales.length}.`);
  return [...new Set(scales)].sort((a, b) => a - b);
}

const WIDTH = /^(\d+(?:\.\d+)?)\s*(cm|mm|in)?$/;
const CM: Readonly<Record<string, number>> = { cm: 1, mm: 0.1, in: 2.54 };

/** `--width`, in centimetres. */
export function readWidth(text: string): number {
  const [, number, unit = 'cm'] = WIDTH.exec(text) ?? [];
  const width = Number(number) * CM[unit]!;
  if (width >= SHEET_WIDTH_MIN && width <= SHEET_WIDTH_MAX) return Number(width.toFixed(4));
  throw new WrongCall(
    `Expected --width to be ${SHEET_WIDTH_MIN} to ${SHEET_WIDTH_MAX} cm, such as 17cm or 3.5in, received ${text}.`,
  );
}

/** `--region`: all of the one photo, or one of each. */
export function readCrops(texts: readonly string[], photos: number): { photo: number; region: Region }[] {
  if (texts.length > SHEET_CROPS_MAX) {
    throw new WrongCall(`Expected at most ${SHEET_CROPS_MAX} --region, received ${texts.length}.`);
  }
  if (photos > 1 && texts.length > 0 && texts.length !== photos) {
    throw new WrongCall(
      `Expected one --region for each of the ${photos} photos, in their order, or none, received ${texts.length}.`,
    );
  }
  return texts.map((text, k) => {
    const { x, y, width, height } = readRegion(text);
    return { photo: photos > 1 ? k : 0, region: { x, y, width, height } };
  });
}
