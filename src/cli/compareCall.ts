import { resolve } from 'node:path';
import { BLIND_KINDS } from '../shared/blind';
import {
  SHEET_CROPS_MAX,
  SHEET_LAYOUTS,
  SHEET_METHODS_MAX,
  SHEET_PHOTOS_MAX,
  SHEET_THEMES,
  type SheetDocumentInput,
} from '../shared/sheet';
import { readControls, type ControlOptions, type Turned } from './controls';
import { WrongCall } from './exitStatus';
import { readDevice, readOneOf, readPages, readWhole } from './optionValues';
import {
  readChoices,
  readCrops,
  readLabels,
  readOutput,
  readScales,
  readWidth,
  type MethodChoice,
} from './sheetOptions';

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
