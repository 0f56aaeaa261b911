import { resolve } from 'node:path';
import { CONTROL_IDS, SWITCH_IDS, type Region, type Turned as AllTurned } from '../shared/enlargement';
import { BLIND_KINDS } from '../shared/blind';
import {
  LADDER_SCALES,
  SHEET_CROPS_MAX,
  SHEET_FORMATS,
  SHEET_LAYOUTS,
  SHEET_METHODS_MAX,
  SHEET_PHOTOS_MAX,
  SHEET_THEMES,
  SHEET_WIDTH_MAX,
  SHEET_WIDTH_MIN,
  sheetFormatOf,
  type SheetDocumentInput,
  type SheetLayout,
} from '../shared/sheet';
import { readControls, type ControlOptions, type Turned } from './controls';
import { WrongCall } from './exitStatus';
import {
  readDevice,
  readMethods,
  readOneOf,
  readPages,
  readRegion,
  readScale,
  readWhole,
} from './optionValues';

/** The options of `compare` as commander gives them: text as typed. */
export interface CompareOptions extends ControlOptions {
  readonly output?: string;
  readonly method?: string;
  readonly label?: readonly string[];
  readonly scale?: string;
  readonly region?: readonly string[];
  readonly page?: readonly string[];
  readonly crops?: string;
  readonly reference?: readonly string[];
  readonly hide?: boolean;
  readonly layout?: string;
  readonly from?: string;
  readonly title?: string;
  readonly caption?: string;
  readonly theme?: string;
  readonly width?: string;
  readonly cropZoom?: string;
  readonly errorMap?: boolean;
  readonly scaleBar?: boolean;
  readonly figures?: boolean;
  readonly opinions?: string;
  readonly tradeoff?: string;
  readonly device?: string;
  readonly ensemble?: boolean;
  readonly consistent?: boolean;
  readonly cascade?: boolean;
  readonly overwrite?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** A call of `compare`, read and found possible as far as that can be known without opening a photo. */
export interface CompareCall {
  readonly inputs: readonly string[];
  readonly references: readonly string[];
  readonly output: string;
  readonly overwrite: boolean;
  /** A new sheet, or the file of one that is made again. */
  readonly sheet:
    | {
        readonly kind: 'new';
        readonly document: SheetDocumentInput;
        /** Turned in all of the methods. */
        readonly turned: Turned;
        readonly methods: readonly MethodChoice[];
        /** The file of an evaluation, of which a plot is drawn. */
        readonly tradeoff: string | undefined;
      }
    | { readonly kind: 'again'; readonly from: string };
}

const DEFAULT_SCALE = '4';

/** What says of a sheet what is on it: with --from the sheet itself does. */
const OF_THE_SHEET = [
  'method',
  'label',
  'scale',
  'region',
  'page',
  'crops',
  'hide',
  'layout',
  'title',
  'caption',
  'theme',
  'width',
  'cropZoom',
  'errorMap',
  'scaleBar',
  'opinions',
  'tradeoff',
  'device',
  'ensemble',
  'consistent',
  'cascade',
] as const satisfies readonly (keyof CompareOptions)[];

const dashed = (name: string): string =>
  `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** A method with what is turned in it alone: `edsr`, `edsr:ensemble`, `cs:crispness=0.4:consistent`. */
interface MethodChoice {
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

function readChoices(text: string): MethodChoice[] {
  return readMethods(text).map((one) => {
    const [id = '', ...settings] = one.split(':');
    const turned = settings.reduce<AllTurned>((all, one) => ({ ...all, ...readSetting(one, id) }), {});
    return { id, turned };
  });
}

function readLabels(labels: readonly string[], methods: number): readonly string[] {
  if (labels.length <= methods) return labels;
  throw new WrongCall(
    `Expected at most one --label for each of the ${methods} methods, received ${labels.length}.`,
  );
}

function readOutput(output: string | undefined): string {
  if (output === undefined || output === '') throw new WrongCall('Expected -o with a file for the sheet.');
  if (sheetFormatOf(output)) return output;
  throw new WrongCall(
    `Expected -o to end in ${SHEET_FORMATS.map((format) => `.${format}`).join(', ')}, received ${output}.`,
  );
}

function readScales(text: string | undefined, layout: SheetLayout): number[] {
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

function readWidth(text: string): number {
  const [, number, unit = 'cm'] = WIDTH.exec(text) ?? [];
  const width = Number(number) * CM[unit]!;
  if (width >= SHEET_WIDTH_MIN && width <= SHEET_WIDTH_MAX) return Number(width.toFixed(4));
  throw new WrongCall(
    `Expected --width to be ${SHEET_WIDTH_MIN} to ${SHEET_WIDTH_MAX} cm, such as 17cm or 3.5in, received ${text}.`,
  );
}

/** Crops of photos: all of the one photo, or one of each. */
function readCrops(texts: readonly string[], photos: number): { photo: number; region: Region }[] {
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

function readReferences(options: CompareOptions, photos: number): readonly string[] {
  const references = options.reference ?? [];
  if (references.length > 0 && options.hide) {
    throw new WrongCall(
      'Expected --reference or --hide, received both: with --hide the photo itself is the reference.',
    );
  }
  if (references.length > 0 && photos > 0 && references.length !== photos) {
    throw new WrongCall(
      `Expected one --reference for each of the ${photos} photos, received ${references.length}.`,
    );
  }
  return references;
}

function readDocument(
  inputs: readonly string[],
  options: CompareOptions,
  references: readonly string[],
): CompareCall['sheet'] {
  if (options.method === undefined) {
    throw new WrongCall('Expected --method with the ids of methods to compare, such as bicubic,edsr.');
  }
  if (inputs.length === 0) throw new WrongCall('Expected a photo to make a sheet of.');
  if (inputs.length > SHEET_PHOTOS_MAX) {
    throw new WrongCall(`Expected at most ${SHEET_PHOTOS_MAX} photos on a sheet, received ${inputs.length}.`);
  }
  const methods = readChoices(options.method);
  if (methods.length > SHEET_METHODS_MAX) {
    throw new WrongCall(
      `Expected at most ${SHEET_METHODS_MAX} methods on a sheet, received ${methods.length}.`,
    );
  }
  const labels = readLabels(options.label ?? [], methods.length);
  const layout =
    options.layout === undefined
      ? inputs.length > 1
        ? ('grid' as const)
        : ('paper' as const)
      : readOneOf('--layout', options.layout, SHEET_LAYOUTS);
  const scales = readScales(options.scale, layout);
  if (options.hide && scales.some((scale) => !Number.isInteger(scale) || scale < 2)) {
    throw new WrongCall(`Expected a whole --scale of 2 or more with --hide, received ${scales.join(', ')}.`);
  }
  if (references.length > 0 && scales.length > 1) {
    throw new WrongCall(
      'Expected one --scale with --reference, which has the size of one; --hide measures several.',
    );
  }
  const truth = references.length > 0 ? 'reference' : options.hide ? 'hide' : 'none';
  if (options.errorMap && truth === 'none') {
    throw new WrongCall(
      'Expected --reference or --hide with --error-map: without a truth there is no error.',
    );
  }
  const turned = {
    ...(options.ensemble && { ensemble: true }),
    ...(options.consistent && { consistent: true }),
    ...(options.cascade && { cascade: true }),
    ...readControls(options),
  };
  const pages = readPages(options.page ?? [], inputs.length);
  const document: SheetDocumentInput = {
    sheet: 1,
    photos: inputs.map((input, k) => ({
      name: nameOf(input),
      ...(pages[k] !== undefined && pages[k] !== 1 && { page: pages[k] }),
      ...(references[k] !== undefined && { reference: { name: nameOf(references[k]) } }),
    })),
    crops: readCrops(options.region ?? [], inputs.length),
    ...(options.crops !== undefined && {
      proposals: readWhole('--crops', options.crops, 1, SHEET_CROPS_MAX),
    }),
    methods: methods.map(({ id, turned: own }, k) => ({
      id,
      turned: { ...turned, ...own },
      ...(labels[k] && { label: labels[k] }),
    })),
    scales,
    layout,
    truth,
    device: readDevice(options.device ?? 'auto'),
    style: {
      ...(options.width !== undefined && { widthCm: readWidth(options.width) }),
      ...(options.theme !== undefined && { theme: readOneOf('--theme', options.theme, SHEET_THEMES) }),
      ...(options.cropZoom !== undefined && { cropZoom: readWhole('--crop-zoom', options.cropZoom, 1, 64) }),
      ...(options.title !== undefined && { title: options.title }),
      ...(options.caption !== undefined && { caption: options.caption }),
      ...(options.opinions !== undefined && {
        opinions: readOneOf('--opinions', options.opinions, BLIND_KINDS),
      }),
      figures: options.figures ?? true,
      errorMap: options.errorMap ?? false,
      scaleBar: options.scaleBar ?? false,
    },
  };
  return { kind: 'new', document, turned: readControls(options), methods, tradeoff: options.tradeoff };
}

const nameOf = (path: string): string => path.split(/[/\\]/).at(-1)!;

/** Reads a call; every mistake that no photo is needed for is a `WrongCall`. */
export function readCompareCall(inputs: readonly string[], options: CompareOptions): CompareCall {
  const output = readOutput(options.output);
  const overwrite = options.overwrite ?? false;
  const references = readReferences(options, inputs.length);
  const taken = [...inputs, ...references].find((path) => resolve(path) === resolve(output));
  if (taken !== undefined) {
    throw new WrongCall(`Expected -o to name another file than the photo itself, received ${output}.`);
  }
  if (options.from === undefined) {
    return { inputs, references, output, overwrite, sheet: readDocument(inputs, options, references) };
  }
  const said = OF_THE_SHEET.find((name) => options[name] !== undefined && options[name] !== false);
  if (said !== undefined || options.figures === false) {
    throw new WrongCall(
      `Expected no ${said === undefined ? '--no-figures' : dashed(said)} with --from: the sheet says how it was made; leave --from out to make another.`,
    );
  }
  return { inputs, references, output, overwrite, sheet: { kind: 'again', from: options.from } };
}
