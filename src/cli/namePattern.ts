import type { Page } from '../shared/contract';
import type { Rect, Size } from '../shared/geometry';
import { nameProblem } from '../shared/fileName';
import { WrongCall } from './exitStatus';

/** What can stand in a pattern of names, as `{name}`. */
const FIELDS = ['name', 'page', 'method', 'scale', 'width', 'height', 'region'] as const;
type Field = (typeof FIELDS)[number];

/** A pattern of file names without their ending, such as `{name}-{method}-x{scale}`. */
export type NamePattern = string;

/** As `enlargementName` has it, which names files in the editor. */
export const USUAL_NAME: NamePattern = '{name}-{method}-x{scale}';
/** The same where a page was asked for: pages of one file lie beside each other. */
export const USUAL_PAGE_NAME: NamePattern = '{name}-p{page}-{method}-x{scale}';
/** The same of the JPEG in camera raw, beside what is developed. */
export const USUAL_EMBEDDED_NAME: NamePattern = '{name}-{page}-{method}-x{scale}';

/** What a name tells of an enlargement; sizes are the result's, in pixels. */
export interface Named extends Size {
  readonly name: string;
  readonly method: string;
  readonly scale: number;
  readonly region: Rect<'source'> | undefined;
  /** The page or frame that was asked for; undefined: nobody asked, and it is the first. */
  readonly page: Page | undefined;
}

const fieldsOf = (pattern: NamePattern): string[] =>
  [...pattern.matchAll(/\{([^{}]*)\}/g)].map(([, field]) => field!);

/** Reads `--name`; throws `WrongCall` for what is no name, or a field that is not known. */
export function readNamePattern(text: string): NamePattern {
  const unknown = fieldsOf(text).find((field) => !FIELDS.some((known) => known === field));
  const all = FIELDS.map((field) => `{${field}}`).join(', ');
  if (unknown !== undefined) {
    throw new WrongCall(`Expected --name to have only ${all}, received {${unknown}}.`);
  }
  const rest = text.replace(/\{[a-z]+\}/g, 'x');
  if (nameProblem(`${rest}.png`) !== null || rest.startsWith('.') || /[{}]/.test(rest)) {
    throw new WrongCall(
      `Expected --name to be a file's name without its ending, such as ${USUAL_NAME}, received ${text || 'nothing'}.`,
    );
  }
  return text;
}

/** Whether each photo has a name of its own by this pattern. */
export const tellsPhotosApart = (pattern: NamePattern): boolean => fieldsOf(pattern).includes('name');

/** Whether the name is known before the photo is opened, where the scale is. */
export const needsSize = (pattern: NamePattern): boolean =>
  fieldsOf(pattern).some((field) => field === 'width' || field === 'height');

/** The name, without ending, of one enlargement. */
export function nameBy(pattern: NamePattern, named: Named): string {
  const { name, page = 1, method, scale, width, height, region } = named;
  const values: Record<Field, string> = {
    name,
    page: String(page),
    method,
    scale: String(Number(scale.toFixed(3))),
    width: String(width),
    height: String(height),
    region: region ? `${region.x}-${region.y}-${region.width}x${region.height}` : 'whole',
  };
  return pattern.replace(/\{([a-z]+)\}/g, (_, field: Field) => values[field]);
}
