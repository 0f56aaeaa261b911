import { placed, POINTS_PER_INCH, underlineOf, type Box, type Drawing } from '../drawing';
import { EMBEDDED_KEY } from '../embedded';
import type { Fonts } from '../fonts';
import type { PictureFiles } from './svg';

/** What PDFKit's types leave out: a picture that is drawn several times lies in the file once. */
interface PictureOpener {
  openImage(file: Buffer): PDFKit.Mixins.ImageSrc;
}

/**
 * The one importer of PDFKit, which is loaded with the first sheet: text with the sheets' fonts embedded, pictures as they
 * are.
 */
export async function pdfOf(
  drawing: Drawing,
  files: PictureFiles,
  fonts: Fonts,
  {
    title,
    embedded,
    version,
  }: { readonly title: string; readonly embedded: string; readonly version: string },
): Promise<Buffer> {
  const { default: PDFDocument } = await import('pdfkit');
  const { width, height, density, background } = drawing;
  const unit = POINTS_PER_INCH / density;
  const information = { [EMBEDDED_KEY]: embedded }; // a key of our own, which PDF allows
  const document = new PDFDocument({
    size: [width * unit, height * unit],
    margin: 0,
    // The same sheet is the same bytes: no clock.
    info: {
      ...information,
      Title: title,
      Producer: `Enlarger ${version}`,
      Creator: 'Enlarger',
      CreationDate: new Date(0),
    },
    lang: 'en',
    displayTitle: true,
    font: '', // none of PDFKit's own
  });
  const chunks: Buffer[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    document.on('data', (chunk: Buffer) => chunks.push(chunk));
    document.on('end', resolve);
    document.on('error', reject);
  });
  const box = ({ x, y, width: w, height: h, fill, line }: Box): void => {
    const half = (line?.dots ?? 0) / 2;
    document.rect((x + half) * unit, (y + half) * unit, (w - 2 * half) * unit, (h - 2 * half) * unit);
    if (line) document.lineWidth(line.dots * unit);
    if (fill !== undefined && line) document.fillAndStroke(fill, line.colour);
    else if (fill !== undefined) document.fill(fill);
    else if (line) document.stroke(line.colour);
  };
  const opener = document as unknown as PictureOpener;
  const opened = new Map([...files].map(([key, file]) => [key, opener.openImage(file)]));
  if (background !== null) box({ kind: 'box', x: 0, y: 0, width, height, fill: background });
  for (const item of drawing.items) {
    if (item.kind === 'box') box(item);
    else if (item.kind === 'disc')
      document.circle(item.x * unit, item.y * unit, item.radius * unit).fill(item.fill);
    else if (item.kind === 'picture') {
      const place = { width: item.width * unit, height: item.height * unit };
      document.image(opened.get(item.picture)!, item.x * unit, item.y * unit, place);
    } else {
      for (const span of placed(item, fonts.measure)) {
        let { x } = span;
        for (const { face, text } of fonts.runs(span.text, span.weight)) {
          document.registerFont(face.id, face.woff);
          document
            .font(face.id)
            .fontSize(span.size * unit)
            .fillColor(span.colour);
          const advance = face.font.layout(text).advanceWidth / face.font.unitsPerEm;
          document.text(text, x * unit, span.baseline * unit, { lineBreak: false, baseline: 'alphabetic' });
          x += advance * span.size;
        }
        if (span.underlined) box(underlineOf(span));
      }
    }
  }
  document.end();
  await ended;
  return Buffer.concat(chunks);
}
