import { protocolLine } from '../../shared/evaluationTables';
import type { SheetDocument } from '../../shared/sheet';

/** What a caption tells beside the document. */
export interface CaptionFacts {
  readonly document: SheetDocument;
  readonly version: string;
  /** Of each method, in the document's order: what it is called, its sum, where it ran. */
  readonly methods: readonly {
    readonly name: string;
    readonly sum: string;
    readonly devices: readonly string[];
    /** How it comes to scales that it does not have; empty where it has them. */
    readonly how: string;
  }[];
  /** Of each photo: as it is, after its EXIF orientation. */
  readonly sizes: readonly { readonly width: number; readonly height: number }[];
  /** Among how many of the most detailed places crops were chosen; undefined: none was proposed. */
  readonly candidates: number | undefined;
  readonly hasLpips: boolean;
  /** Pixels left out at each border, for each scale. */
  readonly borders: readonly number[];
}

/** Letters of a sum that tell two files apart in print; the embedded document has all of them. */
const SUM_LETTERS = 16;

const list = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)!}`;

export const shownScale = (scale: number): string => `×${Number(scale.toFixed(3))}`;

function whatWasDone({ document, sizes }: CaptionFacts): string {
  const photos = list(
    document.photos.map(({ name }, k) => `${name} (${sizes[k]!.width} × ${sizes[k]!.height} pixels)`),
  );
  const scales = list(document.scales.map(shownScale));
  switch (document.truth) {
    case 'hide':
      return `${photos}, cut to a multiple of the scale, reduced by MATLAB's antialiased bicubic (imresize, 8 bits), and recovered ${scales}.`;
    case 'reference': {
      const references = list(document.photos.map(({ reference }) => reference?.name ?? ''));
      return `${photos} enlarged ${scales}, beside the reference ${references}.`;
    }
    case 'none':
      return `${photos} enlarged ${scales}.`;
  }
}

function whatIsMeasured({ document, hasLpips, borders }: CaptionFacts): string {
  if (!document.style.figures) return '';
  if (document.truth === 'none') {
    return (
      'Under a crop: its consistency, PSNR in dB of luma (BT.601, 8 bits) between the crop, reduced again by the ' +
      'antialiased bicubic, and the photo; it does not say how right the added detail is. Best bold, second best underlined.'
    );
  }
  return (
    `PSNR in dB / SSIM of luma (BT.601, 8 bits): with a method's name of the whole photo without ${list([...new Set(borders)].map(String))} pixels ` +
    `at each border, under a crop of the crop alone${hasLpips ? '; LPIPS v0.1 (AlexNet) of the whole photo' : ''}. ` +
    'Best bold, second best underlined.'
  );
}

/** What blind comparisons were about, and how their intervals come about. */
function whatWasThought({ style, opinions = [] }: SheetDocument): string {
  if (style.opinions === undefined) return '';
  const counts = opinions.map(({ n }) => n);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const n = `n = ${least === most ? most : `${least} to ${most}`} a method`;
  if (style.opinions === 'rate')
    return `MOS: mean opinion score of blind ratings from 1 (bad) to 5 (excellent), ± half of the 95 % interval of Student's t, ${n}.`;
  const chosen = `Chosen: the part of blind pairs in which a method was chosen, a draw as half, with the 95 % interval of Wilson, ${n}.`;
  return opinions.some(({ strength }) => strength)
    ? `${chosen} Strength: by Bradley and Terry, a natural logarithm of mean 0 (1 more is chosen in 73 of 100 pairs), ± half of Wald's 95 % interval of the likelihood with Firth's penalty.`
    : chosen;
}

/** What a plot's figures are of. */
function whatIsPlotted({ tradeoff }: SheetDocument): string {
  if (!tradeoff) return '';
  const { dataset, scales } = tradeoff;
  const counts = scales.flatMap(({ points }) => points.map(({ n }) => n));
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const images = `${least === most ? most : `${least} to ${most}`} ${most === 1 ? 'image' : 'images'}`;
  return (
    `Plot: perception against distortion, means over ${images} of ${dataset} ${list(scales.map(({ scale }) => shownScale(scale)))}, ` +
    `reduced by MATLAB's bicubic; ${protocolLine(tradeoff)}; LPIPS v0.1 (AlexNet).`
  );
}

function whichCrops({ document, candidates }: CaptionFacts): string {
  const several = document.photos.length > 1;
  const places = document.crops.map(({ photo, region: { x, y, width, height } }) => {
    const place = `${x},${y},${width},${height}`;
    return several ? `${place} of ${document.photos[photo]!.name}` : place;
  });
  const proposed = document.crops.filter(({ proposed: is }) => is).length;
  const chosen =
    proposed === 0 || candidates === undefined
      ? ''
      : `, ${proposed === document.crops.length ? '' : `${proposed} of them `}proposed by the program: of the ` +
        `${candidates} most detailed places of a photo those where the methods differ most`;
  return `Crops (x, y, width, height): ${places.join('; ')}${chosen}.`;
}

function byWhat({ document, version, methods }: CaptionFacts): string {
  const named = methods.map(({ name, sum, devices, how }) => {
    const where = devices.filter((device) => device !== 'cpu');
    return `${name} (${[sum, ...where, ...(how === '' ? [] : [how])].join(', ')})`;
  });
  const sums = document.photos.flatMap(({ name, sha256, page, reference }) => [
    `${name} ${page === undefined ? '' : `(page ${page}) `}${sha256?.slice(0, SUM_LETTERS) ?? ''}`,
    ...(reference ? [`${reference.name} ${reference.sha256?.slice(0, SUM_LETTERS) ?? ''}`] : []),
  ]);
  return `Enlarger ${version}; ${named.join(', ')}; SHA-256 ${sums.join(', ')}.`;
}

/** What it takes to repeat the sheet, after the user's own words. */
export function captionOf(facts: CaptionFacts): string {
  const { style } = facts.document;
  return [
    style.caption,
    whatWasDone(facts),
    whatIsMeasured(facts),
    style.errorMap && facts.document.truth !== 'none'
      ? 'Below a crop: the mean absolute difference of its colours from the truth, 8 times its strength.'
      : '',
    whatWasThought(facts.document),
    whatIsPlotted(facts.document),
    whichCrops(facts),
    byWhat(facts),
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}
