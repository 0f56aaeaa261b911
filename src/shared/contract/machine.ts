import * as v from 'valibot';
import { deviceSchema } from './methods';
import { filePathSchema } from './photos';

/** What Enlarger works on. */
export const machineSchema = v.object({
  /** The processor, as the system calls it. */
  processor: v.string(),
  cores: v.number(),
  /** Graphics devices that methods can run on; the name null where the system does not tell it. */
  graphics: v.array(v.object({ device: deviceSchema, name: v.nullable(v.string()) })),
  /** Where the user's own models lie, in words: `~` is the user's folder. */
  modelsFolder: v.string(),
});
export type Machine = v.InferOutput<typeof machineSchema>;

export const machinePageCalls = {
  'machine:describe': { params: v.object({}), value: machineSchema },
} as const;

/** A path: only a door may ask. */
export const machineDoorCalls = {
  /** The folder of the user's own models, which is there afterwards. */
  'models:place': { params: v.object({}), value: v.object({ path: filePathSchema }) },
} as const;
