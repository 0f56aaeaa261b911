import * as v from 'valibot';

/** A job's name in the ledger. */
export const jobIdSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(64));
