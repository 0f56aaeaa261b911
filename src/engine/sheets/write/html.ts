import { MM_PER_INCH, type Drawing } from '../drawing';
import type { SheetContent } from '../content';
import { dataUrl, escapeXml, type PictureFiles } from './svg';
import { VIEWER_SCRIPT } from './viewerScript';

const STYLE = `
:root{color-scheme:light;--ground:#fff;--ink:#111;--muted:#555;--line:#ccc;--accent:#0b62c4}
.dark{color-scheme:dark;--ground:#1b1b1b;--ink:#f2f2f2;--muted:#b4b4b4;--line:#444;--accent:#7ab8ff}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.45 system-ui,sans-serif}
main{max-width:1100px;margin:0 auto;padding:20px}
.sheet svg{width:100%;height:auto;display:block}
h2{font-size:16px;margin:28px 0 6px}
p{margin:4px 0 10px;color:var(--muted)}
.bar{display:flex;flex-wrap:wrap;gap:8px;align-items:center;margin:8px 0}
.bar label{display:flex;gap:6px;align-items:center}
select,button{font:inherit;color:inherit;background:var(--ground);border:1px solid var(--line);border-radius:5px;padding:4px 9px}
button[aria-pressed=true]{border-color:var(--accent);color:var(--accent)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.view{position:relative;overflow:hidden;border:1px solid var(--line);height:min(70vh,640px);touch-action:none;cursor:grab;user-select:none}
.view canvas{position:absolute;inset:0;width:100%;height:100%}
.tag{position:absolute;top:8px;padding:2px 8px;background:#000c;color:#fff;font-size:13px;border-radius:4px;pointer-events:none}
.tag.left{left:8px}.tag.right{right:8px}
.divider{position:absolute;top:0;bottom:0;width:24px;margin-left:-12px;cursor:col-resize;background:none;border:0;padding:0}
.divider::after{content:"";position:absolute;left:11px;top:0;bottom:0;width:2px;background:#fff;box-shadow:0 0 3px #000}
kbd{font:inherit;border:1px solid var(--line);border-radius:4px;padding:0 5px}
`;

/** What the page shows live: crops, each by every method. */
interface Live {
  readonly rows: readonly {
    readonly says: string;
    readonly cells: readonly { readonly name: string; readonly figures: string; readonly url: string }[];
  }[];
}

function liveOf({ rows }: SheetContent, files: PictureFiles): Live {
  return {
    rows: rows.map(({ photo, region: { x, y, width, height }, name, cells }) => ({
      says: `${photo.name} ${x},${y},${width},${height}${name === undefined ? '' : ` ${name}`}`,
      cells: cells.map((cell) => ({
        name: cell.name,
        figures: cell.crop.map((line) => line.map(({ text }) => text).join('')).join(' '),
        url: dataUrl('image/png', files.get(cell.picture)!),
      })),
    })),
  };
}

/** JSON that may stand in a script element. */
const scriptJson = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');

/**
 * A page of its own that asks no network: the drawing as it is (`svg`), and its crops live, with a split, flipping
 * by keys, and zoom.
 */
export function htmlOf(
  content: SheetContent,
  drawing: Drawing,
  svg: string,
  files: PictureFiles,
  title: string,
): string {
  const inPrint = `${((drawing.width / drawing.density) * MM_PER_INCH).toFixed(0)} mm`;
  const csp =
    "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${csp}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeXml(title)}</title>
<style>${STYLE}</style>
</head>
<body class="${content.style.theme === 'dark' ? 'dark' : ''}">
<main>
<div class="sheet" title="${inPrint}">
${svg}</div>
<h2>Live</h2>
<p>Drag the line to compare two methods, or flip: <kbd>1</kbd> to <kbd>9</kbd>, <kbd>←</kbd> <kbd>→</kbd>, hold <kbd>O</kbd> for the first. <kbd>S</kbd> split, <kbd>+</kbd> <kbd>−</kbd> or the wheel zoom, <kbd>0</kbd> fit; drag to move.</p>
<div class="bar">
<label>Crop <select id="row"></select></label>
<label>Left <select id="left"></select></label>
<label>Right <select id="right"></select></label>
<button id="split" aria-pressed="true">Split</button>
<button id="out" aria-label="Zoom out">−</button><output id="zoom"></output><button id="in" aria-label="Zoom in">+</button>
</div>
<div class="view" id="view" tabindex="0" role="application" aria-label="Crops, live"><canvas id="canvas"></canvas><span class="tag left" id="tag-left"></span><span class="tag right" id="tag-right"></span><button class="divider" id="divider" role="slider" aria-label="Where the two methods meet" aria-valuemin="0" aria-valuemax="100"></button></div>
</main>
<script type="application/json" id="live">${scriptJson(liveOf(content, files))}</script>
<script>${VIEWER_SCRIPT}</script>
</body>
</html>
`;
}
