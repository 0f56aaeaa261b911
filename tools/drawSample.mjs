/**
 * Draws the sample chart, resources/sample/chart.png: fine text, hair lines, a zone plate, foliage and a
 * face-like relief, everything that tells one enlarger from another. `npm run sample`.
 *
 * Drawn at four times its size and reduced once, so that its edges are those of a photograph, not of a plotter.
 */
import { mkdir } from 'node:fs/promises';
import sharp from 'sharp';

const WIDTH = 640;
const HEIGHT = 480;
const OVERSAMPLING = 4;
const GREY = '#6f6f6f';

/** Mulberry32: a seeded generator, so that the chart is the same on every machine. */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const mix = (a, b, t) => a + (b - a) * t;
const smooth = (from, to, v) => {
  const t = Math.min(1, Math.max(0, (v - from) / (to - from)));
  return t * t * (3 - 2 * t);
};

/** A picture from a function of the position (0..1 on both axes) to [r, g, b] in 0..1. */
function shade(width, height, colour) {
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const rgb = colour((x + 0.5) / width, (y + 0.5) / height);
      for (let c = 0; c < 3; c++)
        data[(y * width + x) * 3 + c] = Math.round(255 * Math.min(1, Math.max(0, rgb[c])));
    }
  }
  return { input: data, raw: { width, height, channels: 3 } };
}

/** Rings whose frequency grows to half the chart's sampling rate at the panel's edge. */
const zonePlate = (side) =>
  shade(side, side, (u, v) => {
    const x = (u - 0.5) * 2;
    const y = (v - 0.5) * 2;
    const pixels = side / OVERSAMPLING;
    const value = 0.5 + 0.46 * Math.cos((Math.PI * pixels * (x * x + y * y)) / 4.4);
    return [value, value, value];
  });

/** Height of a sculpted face at (x, y), y downwards, the head within about 1 of the origin. */
function faceHeight(x, y) {
  const bump = (cx, cy, sx, sy, h) => h * Math.exp(-(((x - cx) / sx) ** 2) - ((y - cy) / sy) ** 2);
  const r = (x / 0.68) ** 2 + (y / 0.92) ** 2;
  let h = r < 1 ? 0.85 * Math.sqrt(1 - r) : 0;
  h += bump(0, 0.08, 0.075, 0.2, 0.12) + bump(0, 0.2, 0.12, 0.07, 0.11); // nose
  h += bump(-0.09, 0.22, 0.05, 0.04, 0.03) + bump(0.09, 0.22, 0.05, 0.04, 0.03);
  h -= bump(-0.25, -0.1, 0.14, 0.085, 0.12) + bump(0.25, -0.1, 0.14, 0.085, 0.12); // eye sockets
  h += bump(-0.25, -0.1, 0.085, 0.05, 0.085) + bump(0.25, -0.1, 0.085, 0.05, 0.085); // lids
  h += bump(-0.25, -0.25, 0.18, 0.045, 0.045) + bump(0.25, -0.25, 0.18, 0.045, 0.045); // brows
  h += bump(0, 0.42, 0.17, 0.035, 0.05) + bump(0, 0.5, 0.14, 0.04, 0.055) - bump(0, 0.46, 0.16, 0.014, 0.035); // lips
  h += bump(0, 0.7, 0.15, 0.1, 0.05) + bump(-0.4, 0.15, 0.16, 0.2, 0.04) + bump(0.4, 0.15, 0.16, 0.2, 0.04);
  return h;
}

/** The relief in warm side light on a soft backdrop. */
const face = (width, height) =>
  shade(width, height, (u, v) => {
    const aspect = width / height;
    const x = (u - 0.52) * 2.35 * aspect;
    const y = (v - 0.5) * 2.35;
    const back = mix(0.36, 0.15, smooth(-0.2, 1.3, Math.hypot(u - 0.2, v - 0.25)));
    const backdrop = [back * 0.86, back * 0.95, back * 1.06];
    const edge = 1 - smooth(0.955, 1.0, Math.sqrt((x / 0.68) ** 2 + (y / 0.92) ** 2));
    if (edge === 0) return backdrop;
    const e = 0.004;
    const nx = -(faceHeight(x + e, y) - faceHeight(x - e, y)) / (2 * e);
    const ny = -(faceHeight(x, y + e) - faceHeight(x, y - e)) / (2 * e);
    const n = Math.hypot(nx, ny, 1);
    const key = Math.max(0, (nx * -0.62 + ny * -0.42 + 0.66) / n);
    const fill = Math.max(0, (nx * 0.8 + ny * 0.1 + 0.5) / n);
    const gloss = Math.max(0, (nx * -0.36 + ny * -0.3 + 0.9) / n) ** 28;
    const light = 0.06 + 0.86 * key ** 1.15 + 0.1 * fill;
    const skin = [
      0.93 * light + 0.16 * gloss,
      0.74 * light + 0.13 * gloss + 0.012,
      0.62 * light + 0.11 * gloss + 0.03,
    ];
    return skin.map((value, c) => mix(backdrop[c], value, edge));
  });

/** Thousands of lit leaves, the far ones first. */
function foliage(width, height) {
  const random = generator(7);
  const leaves = [];
  const count = 2600;
  for (let i = 0; i < count; i++) {
    const near = i / count;
    const length = mix(5, 17, near) * mix(0.6, 1.3, random());
    const breadth = length * mix(0.22, 0.36, random());
    const light = mix(0.12, 0.62, near * random() + near * 0.25);
    const hue = mix(78, 128, random());
    const x = random() * (width + 20) - 10;
    const y = random() * (height + 20) - 10;
    const turn = Math.round(mix(-160, 20, random()) + 40 * Math.sin(x / 31));
    leaves.push(
      `<g transform="translate(${x.toFixed(1)} ${y.toFixed(1)}) rotate(${turn})">` +
        `<path d="M0 0Q${(length * 0.45).toFixed(1)} ${(-breadth).toFixed(1)} ${length.toFixed(1)} 0Q${(length * 0.45).toFixed(1)} ${breadth.toFixed(1)} 0 0" fill="hsl(${hue.toFixed(0)} ${mix(22, 40, random()).toFixed(0)}% ${(light * 66).toFixed(0)}%)"/>` +
        `<path d="M0 0L${length.toFixed(1)} 0" stroke="hsl(${hue.toFixed(0)} 45% ${(light * 100).toFixed(0)}%)" stroke-width=".35"/></g>`,
    );
  }
  return svg(width, height, `<rect width="100%" height="100%" fill="#0c120a"/>${leaves.join('')}`);
}

/** An SVG of chart pixels, rasterised at the oversampled size. */
const svg = (width, height, body) => ({
  input: Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width * OVERSAMPLING}" height="${height * OVERSAMPLING}" viewBox="0 0 ${width} ${height}">${body}</svg>`,
  ),
});

/** Text from 17 down to 4 pixels, dark on paper, beside an engraved rosette. */
function lettering(width, height) {
  const lines = [
    [17, 'What the lens saw'],
    [13, 'and what it could not'],
    [10, 'Every photograph ends somewhere.'],
    [8, 'Every enlargement is a guess; 0123456789'],
    [7, 'some guesses are honest about it. AaBbGgQq &amp; §'],
    [6, 'Hamburgefonstiv, the quick brown fox jumps over it'],
    [5, 'resolution is what is left when contrast is gone; 5 px, 3.1415926535'],
    [4, 'four pixels: here begins what only the reader knows, il1I|! oO0 rnm cl d'],
  ];
  let y = 6;
  const text = lines.map(([size, words]) => {
    y += size * 1.5 + 1.5;
    return `<text x="9" y="${y.toFixed(1)}" font-size="${size}" fill="#16130f">${words}</text>`;
  });
  return svg(
    width,
    height,
    `<rect width="100%" height="100%" fill="#f1ece1"/><g font-family="DejaVu Serif, serif">${text.join('')}</g>` +
      rosette(width - 88, height / 2, 74),
  );
}

/** Interlaced hair lines of 0.45 pixels, as banknotes have. */
function rosette(cx, cy, radius) {
  const curves = [
    [7, 0.36, '#1d3b5e'],
    [11, 0.25, '#7a2f2a'],
    [5, 0.5, '#2f5d43'],
  ].flatMap(([petals, depth, stroke]) =>
    [0, 0.33, 0.66].map((phase) => {
      const points = Array.from({ length: 721 }, (_, i) => {
        const a = (i * Math.PI) / 360;
        const r = radius * (1 - depth + depth * Math.cos(petals * a + phase * Math.PI));
        return `${(cx + r * Math.cos(a)).toFixed(2)} ${(cy + r * Math.sin(a)).toFixed(2)}`;
      });
      return `<path d="M${points.join('L')}Z" fill="none" stroke="${stroke}" stroke-width=".45"/>`;
    }),
  );
  return curves.join('');
}

/** A fan of hair lines, a Siemens star and line pairs from 4 pixels down to 1. */
function hairLines(width, height) {
  const lines = [];
  for (let i = 0; i <= 26; i++) {
    lines.push(
      `<path d="M6 ${height - 8}L${(width * 0.4).toFixed(1)} ${(8 + i * 3.3).toFixed(1)}" stroke="#111" stroke-width=".55"/>`,
    );
  }
  const star = [];
  const [cx, cy, radius, spokes] = [width * 0.6, height * 0.47, height * 0.38, 36];
  for (let i = 0; i < spokes; i++) {
    const at = (k) => [(i + k) * ((2 * Math.PI) / spokes), radius];
    const point = ([angle, r]) =>
      `${(cx + r * Math.cos(angle)).toFixed(2)} ${(cy + r * Math.sin(angle)).toFixed(2)}`;
    star.push(`<path d="M${cx} ${cy}L${point(at(0))}L${point(at(0.5))}Z" fill="#141414"/>`);
  }
  const pairs = [];
  let x = width * 0.8;
  for (const pitch of [4, 3, 2.5, 2]) {
    for (let i = 0; i < 4; i++)
      pairs.push(
        `<rect x="${(x + i * pitch).toFixed(2)}" y="12" width="${pitch / 2}" height="${height - 24}" fill="#111"/>`,
      );
    x += pitch * 4 + 3;
  }
  return svg(
    width,
    height,
    `<rect width="100%" height="100%" fill="#e9e9e7"/>${lines.join('')}${star.join('')}${pairs.join('')}`,
  );
}

/** Six colours at full and half strength, and a grey scale whose steps are even in sRGB. */
function patches(width, height) {
  const colours = ['#b5312c', '#d8a21f', '#3f8f46', '#2f7fa8', '#3b3f94', '#9a3f86'];
  const step = width / colours.length;
  const body = colours.map(
    (fill, i) => `<rect x="${i * step}" width="${step}" height="${height / 2}" fill="${fill}"/>`,
  );
  for (let i = 0; i < 12; i++) {
    const v = Math.round((i * 255) / 11);
    body.push(
      `<rect x="${(i * width) / 12}" y="${height / 2}" width="${width / 12}" height="${height / 2}" fill="rgb(${v},${v},${v})"/>`,
    );
  }
  return svg(width, height, body.join(''));
}

/** Woven cloth: two crossing threads a millimetre, with a fold, in madder red. */
const cloth = (width, height) =>
  shade(width, height, (u, v) => {
    const x = (u * width) / OVERSAMPLING;
    const y = (v * height) / OVERSAMPLING;
    const fold = 0.62 + 0.3 * Math.sin(x / 29 + Math.sin(y / 37) * 1.6) + 0.08 * Math.sin(x / 11 - y / 19);
    const warp = Math.sin((x + 2.2 * Math.sin(y / 41)) * 1.15);
    const weft = Math.sin((y + 3 * Math.sin(x / 33)) * 1.02);
    const weave = 0.66 + 0.34 * (warp * weft > 0 ? Math.abs(warp) : Math.abs(weft));
    const light = fold * weave;
    return [0.08 + 0.66 * light, 0.05 + 0.24 * light, 0.06 + 0.22 * light];
  });
const panels = [
  [16, 16, 208, 276, (w, h) => face(w * OVERSAMPLING, h * OVERSAMPLING)],
  [232, 16, 252, 180, foliage],
  [492, 16, 132, 132, (w) => zonePlate(w * OVERSAMPLING)],
  [492, 156, 132, 40, patches],
  [232, 204, 392, 88, hairLines],
  [16, 300, 392, 164, lettering],
  [416, 300, 208, 164, (w, h) => cloth(w * OVERSAMPLING, h * OVERSAMPLING)],
];

const composites = panels.map(([x, y, width, height, draw]) => ({
  ...draw(width, height),
  left: x * OVERSAMPLING,
  top: y * OVERSAMPLING,
}));
const large = await sharp({
  create: { width: WIDTH * OVERSAMPLING, height: HEIGHT * OVERSAMPLING, channels: 3, background: GREY },
})
  .composite(composites)
  .removeAlpha()
  .raw()
  .toBuffer();

await mkdir('resources/sample', { recursive: true });
await sharp(large, { raw: { width: WIDTH * OVERSAMPLING, height: HEIGHT * OVERSAMPLING, channels: 3 } })
  .resize(WIDTH, HEIGHT, { kernel: 'cubic' })
  .png({ compressionLevel: 9 })
  .toFile('resources/sample/chart.png');
