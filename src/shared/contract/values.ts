import * as v from 'valibot';

export const countSchema = v.pipe(v.number(), v.integer(), v.minValue(0));

/** Pixels, RGBA of 8 bit, in base64: answers cross to a browser as text, and these are few. */
export const rgbaSchema = v.pipe(v.string(), v.base64());

/** What the user says of a model; nothing is as good as nothing written. */
export const modelWordsSchema = v.optional(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(500)));
