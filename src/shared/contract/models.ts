import * as v from 'valibot';
import { methodIdSchema } from '../enlargement';
import { jobLineSchema } from './jobs';
import { methodNameSchema } from './methods';
import { modelWordsSchema } from './values';

/** A model file that a page was given: its door knows where it lies, the page knows this token. */
const modelTokenSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(64));
export const offeredModelSchema = v.object({ model: modelTokenSchema, name: v.string() });
export type OfferedModel = v.InferOutput<typeof offeredModelSchema>;

/** Models of somebody else's that come by hand, and models of the user's own that go: the door knows the paths. */
export const modelPageDoorCalls = {
  /** Native open dialog (desktop only; a browser page uses a file input); null where it was closed. */
  'model:choose': { params: v.object({}), value: v.nullable(offeredModelSchema) },
  /** Starts the job `import`: tries the model, and where `keep` says so makes it a method. */
  'model:import': {
    params: v.object({
      model: modelTokenSchema,
      name: v.optional(methodNameSchema),
      licence: modelWordsSchema,
      source: modelWordsSchema,
      keep: v.boolean(),
    }),
    value: jobLineSchema,
  },
  /** The page needs the file no more; one that the door wrote itself is deleted. */
  'model:forget': { params: v.object({ model: modelTokenSchema }), value: v.null() },
  /**
   * Writes a model of the user's own where they say: a folder (the desktop asks where; a closed dialog answers
   * `stopped`), or in a browser one file, fetched once from the address that is answered.
   */
  'model:export': {
    params: v.object({ id: methodIdSchema }),
    value: v.object({ name: v.string(), download: v.nullable(v.string()) }),
  },
} as const;
