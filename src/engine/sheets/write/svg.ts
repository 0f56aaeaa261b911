import { placed, POINTS_PER_INCH, underlineOf, type Drawing, type PlacedSpan, type Weight } from '../drawing';
import type { Face, Fonts } from '../fonts';
import { boxElement, discElement } from './overlay';

/** Text as XML has it. */
export const escapeXml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const number = (value: number): string => String(Math.round(value * 100) / 100);

/** Pictures as their files, by key. */
export type PictureFiles = ReadonlyMap<string, Buffer>;

export const dataUrl = (type: string, bytes: Buffer): string =>
  `data:${type};base64,${bytes.toString('base64')}`;

const boldness: Readonly<Record<Weight, number>> = { regular: 400, bold: 700 };

function spanElement({ text, weight, x, baseline, size, colour }: PlacedSpan, fonts: Fonts): string {
  const runs = fonts
    .runs(text, weight)
    .map(
      ({ face, text: part }) =>
        `<tspan font-family="${face.id}, 'Source Sans 3', 'Nanum Gothic', sans-serif">${escapeXml(part)}</tspan>`,
    );
  return (
    `<text x="${number(x)}" y="${number(baseline)}" font-size="${number(size)}" font-weight="${boldness[weight]}" ` +
    `fill="${colour}" xml:space="preserve">${runs.join('')}</text>`
  );
}

/** The faces that a drawing's letters are of. */
function facesOf(drawing: Drawing, fonts: Fonts): Face[] {
  const faces = new Set<Face>();
  for (const item of drawing.items) {
    if (item.kind !== 'text') continue;
    for (const { text, weight } of item.spans)
      for (const { face } of fonts.runs(text, weight)) faces.add(face);
  }
  return [...faces];
}

async function fontFaces(faces: readonly Face[]): Promise<string> {
  const rules = await Promise.all(
    faces.map(
      async (face) =>
        `@font-face{font-family:${face.id};font-weight:${boldness[face.weight]};src:url(${dataUrl('font/woff2', await face.woff2())})}`,
    ),
  );
  return rules.join('');
}

/**
 * A drawing as SVG with text that can be selected, its fonts and pictures inside, in its real size. `embedded`
 * stands in its metadata.
 */
export async function svgOf(
  drawing: Drawing,
  files: PictureFiles,
  fonts: Fonts,
  { title, embedded }: { readonly title: string; readonly embedded: string },
): Promise<string> {
  const { width, height, density, background } = drawing;
  const keys = [...new Set(drawing.items.flatMap((item) => (item.kind === 'picture' ? [item.picture] : [])))];
  const idOf = new Map(keys.map((key, k) => [key, `p${k}`]));
  const body = drawing.items.flatMap((item) => {
    switch (item.kind) {
      case 'box':
        return [boxElement(item)];
      case 'disc':
        return [discElement(item)];
      case 'picture':
        return [
          `<image id="${idOf.get(item.picture)!}" x="${item.x}" y="${item.y}" width="${item.width}" height="${item.height}" ` +
            `preserveAspectRatio="none"${item.smooth ? '' : ' class="crop"'} aria-label="${escapeXml(item.says)}" ` +
            `href="${dataUrl('image/png', files.get(item.picture)!)}"/>`,
        ];
      case 'text':
        return placed(item, fonts.measure).flatMap((span) =>
          span.underlined
            ? [spanElement(span, fonts), boxElement(underlineOf(span))]
            : [spanElement(span, fonts)],
        );
    }
  });
  // A photo in several rows has one id only once: a second is another element of the same picture.
  const seen = new Set<string>();
  const unique = body.map((element) =>
    element.replace(/^<image id="(p\d+)"/, (whole, id: string) => {
      if (seen.has(id)) return '<image';
      seen.add(id);
      return whole;
    }),
  );
  const inPoints = (dots: number): string => `${number((dots * POINTS_PER_INCH) / density)}pt`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${inPoints(width)}" height="${inPoints(height)}" viewBox="0 0 ${width} ${height}">`,
    `<title>${escapeXml(title)}</title>`,
    `<metadata>${embedded}</metadata>`,
    `<style>${await fontFaces(facesOf(drawing, fonts))}.crop{image-rendering:pixelated;image-rendering:crisp-edges;image-rendering:pixelated}</style>`,
    ...(background === null ? [] : [`<rect width="${width}" height="${height}" fill="${background}"/>`]),
    ...unique,
    '</svg>\n',
  ].join('\n');
}
