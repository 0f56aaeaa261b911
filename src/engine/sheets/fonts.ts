import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Font } from 'fontkit';
import { FaultError } from '../../shared/faults';
import type { Measure, Weight } from './drawing';

/**
 * The sheets' letters: Source Sans 3 for Latin, Greek and Cyrillic, Nanum Gothic for Korean (both SIL OFL 1.1),
 * from their npm packages, so that a sheet looks the same on every machine. fontkit, which is loaded with them, shapes
 * them (kerning, ligatures, marks) for the PNG and for measuring, and is the same that PDFKit embeds them by.
 */

const FAMILIES = [
  ...['latin', 'latin-ext', 'greek', 'cyrillic', 'vietnamese'].map((part) => ({
    name: 'source-sans-3',
    part,
    bold: 600,
  })),
  { name: 'nanum-gothic', part: 'korean', bold: 700 },
] as const;

/** One file of letters: a part of a family in one weight. */
export interface Face {
  /** Of no more than letters, digits and hyphens. */
  readonly id: string;
  readonly weight: Weight;
  readonly font: Font;
  /** WOFF, as PDFKit takes it. */
  readonly woff: Buffer;
  /** The smaller WOFF 2 of the same letters, for pages. */
  readonly woff2: () => Promise<Buffer>;
}

/** Text of one face. */
export interface Run {
  readonly face: Face;
  readonly text: string;
}

/** An outline of letters: an SVG path in ems from the beginning of the text's line, y down. */
export interface Outline {
  readonly path: string;
  /** In ems. */
  readonly width: number;
}

const resolvePackage = createRequire(import.meta.url);

async function loadFace(name: string, part: string, weight: Weight, boldness: number): Promise<Face> {
  const file = `@fontsource/${name}/files/${name}-${part}-${weight === 'bold' ? boldness : 400}-normal`;
  const { create } = await import('fontkit');
  const woff = await readFile(resolvePackage.resolve(`${file}.woff`));
  return {
    id: `${name}-${part}-${weight}`,
    weight,
    font: create(woff) as Font, // one font is no collection
    woff,
    woff2: () => readFile(resolvePackage.resolve(`${file}.woff2`)),
  };
}

const isShown = (character: string): boolean => !/[\s\p{Cf}\p{Cc}]/u.test(character);

/** Letters of both weights; made once, since their files are read then. */
export class Fonts {
  private readonly widths = new Map<string, number>();

  constructor(private readonly faces: Readonly<Record<Weight, readonly Face[]>>) {}

  /** The parts of a text by the faces that have its letters; throws `bad-option` for letters that none has. */
  runs(text: string, weight: Weight): Run[] {
    const runs: { face: Face; text: string }[] = [];
    for (const character of text) {
      const face = this.faceOf(character, weight);
      const last = runs.at(-1);
      if (last?.face === face) last.text += character;
      else runs.push({ face, text: character });
    }
    return runs;
  }

  /** How wide a text is, in ems; each text is shaped once. */
  readonly measure: Measure = (text, weight) => {
    const key = `${weight} ${text}`;
    const known = this.widths.get(key);
    if (known !== undefined) return known;
    const width = this.runs(text, weight).reduce(
      (sum, { face, text: part }) => sum + face.font.layout(part).advanceWidth / face.font.unitsPerEm,
      0,
    );
    this.widths.set(key, width);
    return width;
  };

  /** A text as outlines. */
  outline(text: string, weight: Weight): Outline {
    let x = 0;
    const paths: string[] = [];
    for (const { face, text: part } of this.runs(text, weight)) {
      const { glyphs, positions } = face.font.layout(part);
      const em = 1 / face.font.unitsPerEm;
      for (const [k, glyph] of glyphs.entries()) {
        const { xAdvance, xOffset, yOffset } = positions[k]!;
        const path = glyph.path.transform(em, 0, 0, -em, x + xOffset * em, -yOffset * em).toSVG();
        if (path !== '') paths.push(path);
        x += xAdvance * em;
      }
    }
    return { path: paths.join(''), width: x };
  }

  private faceOf(character: string, weight: Weight): Face {
    const faces = this.faces[weight];
    const code = character.codePointAt(0)!;
    // Blanks are of the first face: fontkit cannot measure a glyph without outline at the end of some files.
    if (!isShown(character)) return faces[0]!;
    const face = faces.find(({ font }) => font.hasGlyphForCodePoint(code));
    if (face) return face;
    throw new FaultError(
      'bad-option',
      `Expected text in Latin, Greek, Cyrillic or Korean letters on a sheet, received ${character} ` +
        `(U+${code.toString(16).toUpperCase().padStart(4, '0')}), which its fonts do not have; write it otherwise.`,
    );
  }
}

let loading: Promise<Fonts> | undefined;

/** The sheets' fonts, read at the first call. */
export function loadFonts(): Promise<Fonts> {
  loading ??= (async () => {
    const of = (weight: Weight): Promise<Face[]> =>
      Promise.all(FAMILIES.map(({ name, part, bold }) => loadFace(name, part, weight, bold)));
    return new Fonts({ regular: await of('regular'), bold: await of('bold') });
  })();
  loading.catch(() => (loading = undefined));
  return loading;
}
