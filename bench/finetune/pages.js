import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { create } from 'fontkit';
import sharp from 'sharp';

/** A page as a scanner at 150 dots an inch gives a leaflet, in pixels. */
const PAGE = { width: 960, height: 1280, margin: 64 };
const BODY = 19;
const HEADING = 30;
/** Of a letter's size. */
const LINE = 1.42;
/** Ink and paper as they are: neither is black or white. */
const [INK, PAPER] = ['#2b2824', '#f4efe4'];

/** The project's own words: what its documentation says, a page of each file. */
export const TEXTS = ['architecture', 'formats', 'implicit', 'importing', 'performance', 'reliability'];

const resolvePackage = createRequire(import.meta.url);
const faceOf = async (weight) =>
  create(
    await readFile(
      resolvePackage.resolve(`@fontsource/source-sans-3/files/source-sans-3-latin-${weight}-normal.woff`),
    ),
  );

/** A line's letters as an SVG path, their baseline at (x, y). */
function outline(face, text, size, x, y) {
  const { glyphs, positions } = face.layout(text);
  const em = size / face.unitsPerEm;
  let at = x;
  return glyphs
    .map((glyph, k) => {
      const path = glyph.path.transform(em, 0, 0, -em, at, y).toSVG();
      at += positions[k].xAdvance * em;
      return path;
    })
    .join('');
}

/** A paragraph in lines no wider than the page. */
function linesOf(face, text, size) {
  const most = PAGE.width - 2 * PAGE.margin;
  const widthOf = (line) => (face.layout(line).advanceWidth * size) / face.unitsPerEm;
  const lines = [];
  for (const word of text.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && widthOf(longer) <= most) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** Paragraphs of prose: what is code or a table is no text of a page. */
const paragraphsOf = (markdown) =>
  markdown
    .replaceAll(/```[\s\S]*?```/g, '')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('|'))
    .map((line) => ({
      isHeading: line.startsWith('#'),
      // Letters that the face has.
      text: line.replaceAll(/^#+ |[`*]|[^\x20-\x7e]/g, ''),
    }));

function svgOf(markdown, faces) {
  const paths = [];
  let y = PAGE.margin;
  for (const { isHeading, text } of paragraphsOf(markdown)) {
    const [face, size] = isHeading ? [faces.bold, HEADING] : [faces.regular, BODY];
    for (const line of linesOf(face, text, size)) {
      y += LINE * size;
      if (y > PAGE.height - PAGE.margin) break;
      paths.push(outline(face, line, size, PAGE.margin, y));
    }
    y += 0.5 * BODY;
  }
  const { width, height } = PAGE;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<rect width="${width}" height="${height}" fill="${PAPER}"/><path fill="${INK}" d="${paths.join('')}"/></svg>`
  );
}

/** Draws pages of the documentation into a folder, and gives their files. */
export async function drawPages(docs, folder) {
  const faces = { regular: await faceOf(400), bold: await faceOf(600) };
  const files = [];
  for (const name of TEXTS) {
    const markdown = await readFile(join(docs, `${name}.md`), 'utf8');
    const file = join(folder, `page-${name}.png`);
    await sharp(Buffer.from(svgOf(markdown, faces)))
      .png()
      .toFile(file);
    files.push(file);
  }
  return files;
}
