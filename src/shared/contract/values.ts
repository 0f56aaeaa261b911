import * as v from 'valibot';

export const countSchema = v.pipe(v.number(), v.integer(), v.minValue(0));

/** A pattern of groups of four, as valibot's own, overflows the stack from some megabytes on; this looks at each letter once. */
const isBase64 = (text: string): boolean =>
  text.length % 4 === 0 &&
  !/[^A-Za-z0-9+/]/.test(text.endsWith('==') ? text.slice(0, -2) : text.replace(/=$/, ''));

/** Pixels, RGBA of 8 bit, in base64: answers cross to a browser as text, and these are few. */
export const rgbaSchema = v.pipe(
  v.string(),
  v.check(isBase64, ({ input }) => `Expected base64, received ${input.length} letters that are none`),
);

/** What the user says of a model; nothing is as good as nothing written. */
export const modelWordsSchema = v.optional(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(500)));
