/**
 * Writes docs/methods.md from the cards, and the table in README.md from the manifests: `npm run docs`.
 * Figures are only ever stated where they were measured: in docs/figures.json by `npm run figures`, else in
 * resources/models by training/export.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MODELS, readFigures, SETS } from './figures.mjs';
import { entryAt, table, withFigures } from './figureTables.mjs';

const folders = (await readdir(MODELS, { withFileTypes: true })).filter((entry) => entry.isDirectory());
const methods = await Promise.all(
  folders.map(async ({ name }) => ({
    manifest: JSON.parse(await readFile(join(MODELS, name, 'manifest.json'), 'utf8')),
    card: await readFile(join(MODELS, name, 'card.md'), 'utf8'),
  })),
);
methods.sort((a, b) => a.manifest.weights - b.manifest.weights);

const measured = await readFigures();
const entryOf = (manifest, { set, scale }) => entryAt(measured, manifest, set, `x${scale}`);

/** PSNR in dB with the published figure; undefined where it was not measured. */
const figure = (manifest, column) => {
  const known = entryOf(manifest, column);
  if (!known) return undefined;
  const paper = known.paperPsnrY ? ` (${known.paperPsnrY.toFixed(2)})` : '';
  return `${known.psnrY.toFixed(2)}${paper}`;
};

/** A table of the methods that have something in a column. */
function tableOf(columns, cellOf) {
  const filled = columns.filter((column) => methods.some(({ manifest }) => cellOf(manifest, column)));
  const rows = methods
    .filter(({ manifest }) => filled.some((column) => cellOf(manifest, column)))
    .map(({ manifest }) => [manifest.name, ...filled.map((column) => cellOf(manifest, column) || '-')]);
  return table(['method', ...filled.map(({ set, scale }) => `${set} x${scale}`)], rows);
}
const columnsOf = (scales) => SETS.flatMap((set) => scales.map((scale) => ({ set, scale })));

const header = ['method', 'weights', ...SETS.map((set) => `${set} x2 / x3 / x4`)];
const rows = methods.map(({ manifest }) => [
  `${manifest.name} (\`${manifest.id}\`)`,
  manifest.weights.toLocaleString('en'),
  ...SETS.map((set) => [2, 3, 4].map((scale) => figure(manifest, { set, scale }) ?? '-').join(' / ')),
]);
const overview = table(header, rows);

const beyond = tableOf(columnsOf([6, 8, 12, 30]), figure);
const perceptual = tableOf(columnsOf([2, 3, 4]), (manifest, column) =>
  entryOf(manifest, column)?.lpips?.toFixed(4),
);

const readme = await readFile('README.md', 'utf8');
const marked = /(<!-- methods:begin -->\n)[\s\S]*?(<!-- methods:end -->)/;
if (!marked.test(readme)) throw new Error('README.md has lost its methods:begin and methods:end marks');
await writeFile(
  'README.md',
  readme.replace(marked, (_, begin, end) => `${begin}${overview}\n${end}`),
);

const interpolation = `# Methods

Made from the cards in \`resources/models\` by \`npm run docs\`.

PSNR on luma in dB, with the published figure in brackets where there is one; made by \`npm run figures -- --data DIR\`, which calls \`enlarger evaluate\`:

${overview}

Beyond the scales of training, PSNR on luma in dB:

${beyond}

LPIPS (AlexNet heads, v0.1; lower is better), of the same results:

${perceptual}

Consistency, in the methods' own tables: the result, reduced again, against the picture that it was made of, in dB.

Without weights, at any scale: \`nearest\`, \`bilinear\`, \`bicubic\` (Keys, a = -0.5; reproduces MATLAB's imresize), \`lanczos\` (three lobes), and \`lanczos-consistent\`, which is projected so that reducing it gives the photo again.

Every method can be made consistent (\`--consistent\`): the nearest enlargement whose antialiased bicubic reduction is the photo. That is right for what a bicubic reduced, and wrong for a camera's noise or JPEG blocks, which it forces back in. \`--invented MAP.png\` shows what the photo does not determine. Bicubic enlarging at whole scales invents nothing, because it is the transpose of bicubic reducing.`;
const cards = methods.map(({ manifest, card }) =>
  withFigures(card, measured, manifest)
    .trim()
    .replace(/^#/gm, '##')
    .replaceAll('](example.png)', `](../${MODELS}/${manifest.id}/example.png)`),
);
await writeFile('docs/methods.md', `${[interpolation, ...cards].join('\n\n')}\n`);
