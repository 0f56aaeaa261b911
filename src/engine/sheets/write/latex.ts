import { FaultError } from '../../../shared/faults';
import {
  lineWidth,
  POINTS_PER_INCH,
  type Box,
  type Disc,
  type Drawing,
  type Measure,
  type Text,
} from '../drawing';

const ESCAPED: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  '%': '\\%',
  _: '\\_',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '×': '\\ensuremath{\\times}',
  '–': '--',
  '—': '---',
  '“': '``',
  '”': "''",
  '‘': '`',
  '’': "'",
  '…': '\\ldots{}',
  '·': '\\ensuremath{\\cdot}',
  '±': '\\ensuremath{\\pm}',
  '°': '\\ensuremath{^\\circ}',
  µ: '\\ensuremath{\\mu}',
};

/** Text as pdfLaTeX sets it; throws `bad-option` for letters beyond those of Western Europe. */
export function escapeLatex(text: string): string {
  return Array.from(text, (character) => {
    const escaped = ESCAPED[character];
    if (escaped !== undefined) return escaped;
    if (/[ -~\u00c0-\u00ff]/.test(character)) return character;
    throw new FaultError(
      'bad-option',
      `Expected Western European letters on a sheet for LaTeX, received ${character}; write it otherwise, or choose .pdf.`,
    );
  }).join('');
}

const number = (value: number): string => String(Math.round(value * 1000) / 1000);

/** Computer Modern Sans is about so much wider than the fonts that the layout was made for; the smaller the wider. */
const NARROWER = 0.94;
/** A line that is wider than the layout gave it room for is squeezed to that, whatever the font. */
const FITTED = [
  '\\newsavebox{\\sheetline}',
  '\\newcommand{\\sheettext}[2]{\\sbox{\\sheetline}{#2}\\ifdim\\wd\\sheetline>#1\\relax',
  '  \\resizebox{#1}{\\height}{\\usebox{\\sheetline}}\\else\\usebox{\\sheetline}\\fi}',
];

/**
 * A drawing as a LaTeX document of the sheet's size that compiles on its own with pdfLaTeX; the picture in it may
 * be taken into a paper. Lengths are PostScript points. `fileOf` says where a picture's file lies, seen from it;
 * `measure` is that of the fonts that the layout was made for.
 */
export function latexOf(
  drawing: Drawing,
  fileOf: (picture: string) => string,
  { embedded, measure }: { readonly embedded: string; readonly measure: Measure },
): string {
  const unit = POINTS_PER_INCH / drawing.density;
  const [width, height] = [drawing.width * unit, drawing.height * unit];
  const colours = new Map<string, string>();
  const colourOf = (hex: string): string => {
    const known = colours.get(hex) ?? `sheet${String.fromCharCode(97 + colours.size)}`;
    colours.set(hex, known);
    return known;
  };
  const up = (y: number): string => number(height - y * unit);

  const box = ({ x, y, width: w, height: h, fill, line }: Box): string[] => {
    const place = `\\put(${number(x * unit)},${up(y + h)})`;
    const filled =
      fill === undefined
        ? []
        : [`${place}{\\color{${colourOf(fill)}}\\rule{${number(w * unit)}bp}{${number(h * unit)}bp}}`];
    if (!line) return filled;
    const d = line.dots;
    const rule = (rx: number, ry: number, rw: number, rh: number): string =>
      `\\put(${number(rx * unit)},${up(ry + rh)}){\\color{${colourOf(line.colour)}}\\rule{${number(rw * unit)}bp}{${number(rh * unit)}bp}}`;
    return [
      ...filled,
      rule(x, y, w, d),
      rule(x, y + h - d, w, d),
      rule(x, y, d, h),
      rule(x + w - d, y, d, h),
    ];
  };
  const disc = ({ x, y, radius, fill }: Disc): string =>
    `\\put(${number(x * unit)},${up(y)}){\\color{${colourOf(fill)}}\\circle*{${number(2 * radius * unit)}}}`;
  const text = ({ x, baseline, size, anchor, spans }: Text): string => {
    const letters = size * unit * NARROWER;
    const words = spans.map(({ text: said, weight, underlined, colour }) => {
      // After a colour TeX passes over spaces, unless they are said to be there.
      const escaped = escapeLatex(said).replace(/^ +/, (spaces) => '\\ '.repeat(spaces.length));
      const bold = weight === 'bold' ? `\\textbf{${escaped}}` : escaped;
      return `\\textcolor{${colourOf(colour)}}{${underlined ? `\\underline{${bold}}` : bold}}`;
    });
    const font = `\\fontsize{${number(letters)}bp}{${number(letters * 1.2)}bp}\\selectfont`;
    const room = lineWidth(spans, measure) * size * unit;
    const line = `\\sheettext{${number(room)}bp}{${font}${words.join('')}}`;
    return `\\put(${number(x * unit)},${up(baseline)}){\\makebox[0pt][${anchor === 'middle' ? 'c' : 'l'}]{${line}}}`;
  };
  const body = drawing.items.flatMap((item) => {
    if (item.kind === 'box') return box(item);
    if (item.kind === 'disc') return [disc(item)];
    if (item.kind === 'text') return [text(item)];
    const size = `width=${number(item.width * unit)}bp,height=${number(item.height * unit)}bp`;
    return [
      `\\put(${number(item.x * unit)},${up(item.y + item.height)}){\\includegraphics[${size},interpolate=${String(item.smooth)}]{${fileOf(item.picture)}}}`,
    ];
  });
  const ground = drawing.background === null ? [] : [`\\pagecolor[HTML]{${drawing.background.slice(1)}}`];
  const defined = [...colours].map(
    ([hex, name]) => `\\definecolor{${name}}{HTML}{${hex.slice(1).toUpperCase()}}`,
  );
  return [
    '% A sheet made by Enlarger. Compile with pdflatex; the picture environment may be taken into a paper,',
    '% with the packages, the colours, \\sheettext and \\unitlength.',
    `% ${embedded}`,
    '\\documentclass{article}',
    '\\usepackage[utf8]{inputenc}',
    '\\usepackage{fix-cm}',
    '\\usepackage{graphicx}',
    '\\usepackage{xcolor}',
    `\\usepackage[paperwidth=${number(width)}bp,paperheight=${number(height)}bp,margin=0bp]{geometry}`,
    '\\pagestyle{empty}',
    '\\setlength{\\parindent}{0pt}\\setlength{\\topskip}{0pt}',
    '\\renewcommand{\\familydefault}{\\sfdefault}',
    ...FITTED,
    ...defined,
    '\\begin{document}',
    ...ground,
    '\\setlength{\\unitlength}{1bp}%',
    `\\noindent\\begin{picture}(${number(width)},${number(height)})`,
    ...body,
    '\\end{picture}%',
    '\\end{document}',
    '',
  ].join('\n');
}
