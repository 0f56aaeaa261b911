import * as v from 'valibot';
import { blindPageCalls } from './blind';
import { exportPageCalls } from './encodingTrials';
import { finetunePageCalls } from './finetune';
import { jobDoorCalls, jobPageCalls } from './jobs';
import { machineDoorCalls, machinePageCalls } from './machine';
import { measuringPageCalls, metricDoorCalls } from './measuring';
import { methodDoorCalls, methodPageCalls } from './methods';
import { photoDoorCalls, photoPageCalls } from './photos';
import { recommendPageCalls } from './recommend';
import { settingsPageCalls } from './settings';
import { sheetDoorCalls, sheetPageCalls } from './sheets';
import { viewPageCalls } from './views';

/**
 * Every call that the engine answers: `noun:verb`, the schema of its parameters and of its value, gathered from
 * the nouns' own files. A call is read by its schema where it arrives; the types below come from the schemas.
 */

/** What a page may ask: tokens and ids only, no path anywhere. The doors forward these and refuse all else. */
export const pageCalls = {
  ...settingsPageCalls,
  ...machinePageCalls,
  ...methodPageCalls,
  ...photoPageCalls,
  ...viewPageCalls,
  ...jobPageCalls,
  ...exportPageCalls,
  ...finetunePageCalls,
  ...sheetPageCalls,
  ...recommendPageCalls,
  ...measuringPageCalls,
  ...blindPageCalls,
} as const;

/** What only a door may ask: these hold paths, or speak of a whole client. */
export const doorCalls = {
  ...methodDoorCalls,
  ...machineDoorCalls,
  ...photoDoorCalls,
  ...jobDoorCalls,
  ...metricDoorCalls,
  ...sheetDoorCalls,
  /**
   * A client is gone: its photos are closed, its views dropped. Its jobs go on; whoever lists them next has them, but where
   * it `comesBack` nobody who is there already, before it is closed once more, for good.
   */
  'client:close': { params: v.object({ comesBack: v.optional(v.boolean()) }), value: v.null() },
  /** The client is who was called `earlier`, and has closed: what waits for that one is its own. */
  'client:follow': { params: v.object({ earlier: v.string() }), value: v.null() },
} as const;

export const engineCalls = { ...pageCalls, ...doorCalls } as const;

export type PageCall = keyof typeof pageCalls;
export type EngineCall = keyof typeof engineCalls;
export type Params<C extends EngineCall> = v.InferOutput<(typeof engineCalls)[C]['params']>;
/** Parameters as a caller writes them, before defaults are filled in. */
export type ParamsInput<C extends EngineCall> = v.InferInput<(typeof engineCalls)[C]['params']>;
export type Value<C extends EngineCall> = v.InferOutput<(typeof engineCalls)[C]['value']>;
