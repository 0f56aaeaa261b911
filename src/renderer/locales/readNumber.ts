/** Words that may stand before or after a number, and by how much each multiplies it: `{ '%': 0.01, x: 1 }`. */
export type Units = Readonly<Record<string, number>>;

const SPACES = /[\s'’_]/g;

/** The sign between whole and fraction as a language writes it. */
function decimalOf(locale: string): '.' | ',' {
  const parts = new Intl.NumberFormat(locale, { useGrouping: false }).formatToParts(0.5);
  return parts.find(({ type }) => type === 'decimal')?.value === ',' ? ',' : '.';
}

/** Whole numbers in groups: of three, the ones before the last also of two, as in India. */
const isGrouped = (text: string, mark: string): boolean => {
  const [first = '', ...others] = text.split(mark);
  return (
    /^[1-9]\d{0,2}$/.test(first) &&
    others.every(
      (group, index) => /^\d{3}$/.test(group) || (index < others.length - 1 && /^\d{2}$/.test(group)),
    )
  );
};

/** Which of the marks in `text` is the decimal one; null: none, all of them group. */
function decimalIn(text: string, locale: string): string | null {
  const marks = text.match(/[.,]/g) ?? [];
  const last = marks.at(-1);
  if (last === undefined) return null;
  if (marks.length > 1) return marks.every((mark) => mark === last) ? null : last;
  return last === decimalOf(locale) || !isGrouped(text, last) ? last : null;
}

/** Digits with marks, without a sign; NaN: they are not a number. */
function readDigits(text: string, locale: string): number {
  if (!/\d/.test(text) || /[^\d.,]/.test(text)) return Number.NaN;
  const decimal = decimalIn(text, locale);
  const at = decimal === null ? text.length : text.lastIndexOf(decimal);
  const whole = text.slice(0, at);
  const mark = /[.,]/.exec(whole)?.[0];
  if (mark !== undefined && (mark === decimal || !isGrouped(whole, mark))) return Number.NaN;
  return Number(`${whole.replace(/[.,]/g, '') || '0'}.${text.slice(at + 1) || '0'}`);
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/**
 * The number that someone wrote, as people write it: `3,000`, `1 234.5`, `x3`, `300%`, `1920px`, full-width
 * digits. A single mark is read as the language of the page reads it (`1,234` is 1234 in English, 1.234 in
 * German) unless only one reading is possible: `2,5` is 2.5 everywhere. At most one of the `units`, in upper or
 * lower case, before or after the number. null: it is no number.
 */
export function readNumber(text: string, locale: string, units: Units = {}): number | null {
  const plain = text.normalize('NFKC').replace(SPACES, '').replace('−', '-').toLowerCase();
  const names = Object.keys(units).sort((a, b) => b.length - a.length);
  const unit = names.length > 0 ? `(${names.map((name) => escaped(name.toLowerCase())).join('|')})?` : '()';
  const [, before, sign, digits, after] = new RegExp(`^${unit}([-+]?)([\\d.,]+)${unit}$`).exec(plain) ?? [];
  if (digits === undefined || (before && after)) return null;
  const value = readDigits(digits, locale);
  if (Number.isNaN(value)) return null;
  const written = before || after;
  const factor = names.find((name) => name.toLowerCase() === written);
  const scaled = value * (factor === undefined ? 1 : units[factor]!);
  return sign === '-' ? -scaled : scaled;
}
