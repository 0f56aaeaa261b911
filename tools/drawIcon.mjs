/**
 * Draws the program's icon: a disc that is blocks of pixels on the left and whole on the right.
 * `node tools/drawIcon.mjs` writes resources/icons/icon.svg and icon.png (1024 x 1024), from which
 * electron-builder makes each system's own formats.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import sharp from 'sharp';

const SIDE = 1024;
const CENTRE = SIDE / 2;
const RADIUS = 312;
const BLOCK = 96;
const FOLDER = new URL('../resources/icons/', import.meta.url);

/** Grey of the disc at a height: lit from above. */
const greyAt = (y) => Math.round(238 - 120 * ((y - (CENTRE - RADIUS)) / (2 * RADIUS)));

/** The blocks left of the middle whose centres lie in the disc, each of one grey. */
function blocks() {
  const found = [];
  for (let row = -4; row < 4; row += 1) {
    for (let column = -4; column < 0; column += 1) {
      const x = CENTRE + column * BLOCK;
      const y = CENTRE + row * BLOCK;
      if (Math.hypot(x + BLOCK / 2 - CENTRE, y + BLOCK / 2 - CENTRE) > RADIUS) continue;
      const grey = greyAt(y + BLOCK / 2) - (row + column) * 3;
      found.push(
        `<rect x="${x}" y="${y}" width="${BLOCK}" height="${BLOCK}" fill="rgb(${grey},${grey},${grey})"/>`,
      );
    }
  }
  return found.join('\n  ');
}

const top = CENTRE - RADIUS;
const bottom = CENTRE + RADIUS;
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}" viewBox="0 0 ${SIDE} ${SIDE}">
  <defs>
    <linearGradient id="disc" gradientUnits="userSpaceOnUse" x1="0" y1="${top}" x2="0" y2="${bottom}">
      <stop offset="0" stop-color="rgb(238,238,238)"/><stop offset="1" stop-color="rgb(118,118,118)"/>
    </linearGradient>
  </defs>
  <rect x="64" y="64" width="896" height="896" rx="200" fill="#262626"/>
  ${blocks()}
  <path d="M${CENTRE} ${top} A${RADIUS} ${RADIUS} 0 0 1 ${CENTRE} ${bottom} Z" fill="url(#disc)"/>
  <rect x="${CENTRE - 8}" y="136" width="16" height="752" rx="8" fill="#e2a04a"/>
  <circle cx="${CENTRE}" cy="${CENTRE}" r="40" fill="#e2a04a"/>
</svg>
`;

await mkdir(FOLDER, { recursive: true });
await writeFile(new URL('icon.svg', FOLDER), svg);
await writeFile(new URL('icon.png', FOLDER), await sharp(Buffer.from(svg)).png({ palette: true }).toBuffer());
