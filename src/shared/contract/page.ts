import * as v from 'valibot';
import { faultSchema } from '../faults';
import { engineEventSchema, type EngineEvent } from './events';
import { jobIdSchema } from './jobId';
import { jobLineSchema, upscaleOrderSchema } from './jobs';
import { evaluateSettingsSchema } from './measuring';
import { resultSchema } from './messages';
import { photoTokenSchema } from '../enlargement';
import { modelPageDoorCalls } from './models';
import { documentPageDoorCalls, openedDocumentSchema } from './documents';
import { photoInfoSchema, photoPageDoorCalls } from './photos';
import { sessionPageDoorCalls } from './session';
import { sheetOrderSchema } from './sheets';
import { SHEET_FORMATS } from '../sheet';

/** The most files that are exported at once. */
export const EXPORTS_MAX = 500;

/** One of several that could not be started. */
const notBegunSchema = v.object({ fault: faultSchema });
export type NotBegun = v.InferOutput<typeof notBegunSchema>;

/** One file that is to be made, with the name that the page thought of. */
const exportOrderSchema = v.object({
  order: upscaleOrderSchema,
  suggestedName: v.pipe(v.string(), v.maxLength(255)),
  /** The page's own name of this order: its job's line has it too. */
  orderId: v.optional(jobIdSchema),
});

/**
 * What stands between a page and its door (the desktop shell or the local host), over a MessagePort or a
 * WebSocket. A page's engine calls (`pageCalls`) are forwarded under the door's own client id; the calls
 * below are the door's own. Nothing here holds a path.
 *
 * Desktop: the preload posts `{ enlarger: 'port' }` with a MessagePort to the page's window, and
 * exposes `window.enlargerShell` (see `PageShell`). Messages cross the port as plain objects.
 * Browser: a WebSocket on `/engine`, every message one binary frame (link/frames.ts); a tab that was connected
 * before offers the subprotocols `TAB_PROTOCOL` and its secret; photos go up by
 * `POST /photos?name=...` with the header `x-enlarger-client` and come back as `Result<PhotoInfo>`;
 * finished exports come down from the address that `door:collect` gives. Models go up by `POST /models` and come back
 * as `Result<OfferedModel>`.
 */
export const pageDoorCalls = {
  ...photoPageDoorCalls,
  ...modelPageDoorCalls,
  ...sessionPageDoorCalls,
  ...documentPageDoorCalls,
  'door:describe': {
    params: v.object({}),
    value: v.object({
      door: v.picklist(['desktop', 'browser']),
      version: v.string(),
      platform: v.string(),
      /**
       * Browser: this tab's secret, by which its uploads and, after a reload, its connection are known as its own.
       * Desktop: empty.
       */
      client: v.string(),
    }),
  },
  /** Native open dialog (desktop only; a browser page uses a file input). */
  'door:choose': { params: v.object({}), value: v.array(photoInfoSchema) },
  /**
   * Starts an enlargement into a file and answers with its job; its end is the event `job:ended`. The desktop
   * asks where with a native dialog (a closed dialog answers `stopped`), the host makes the file itself.
   */
  'door:export': {
    params: exportOrderSchema,
    value: jobLineSchema,
  },
  /**
   * Starts several as one batch: the desktop asks for one folder, and gives what has a name that is taken there
   * another one. Answers with their jobs, in order, and in the place of one that could not be started with its fault:
   * the rest goes on. A closed dialog answers `stopped`.
   */
  'door:exportAll': {
    params: v.object({
      files: v.pipe(v.array(exportOrderSchema), v.minLength(1), v.maxLength(EXPORTS_MAX)),
      batch: jobIdSchema,
    }),
    value: v.array(v.union([jobLineSchema, notBegunSchema])),
  },
  /**
   * Answers once everything that the page has ordered so far, by an earlier connection too, has begun or cannot: what
   * `jobs:list` does not have then never began.
   */
  'door:ordered': { params: v.object({}), value: v.null() },
  /**
   * Starts a sheet into a file, as `door:export` an enlargement. A browser gets one that has files beside it as a
   * ZIP archive.
   */
  'door:sheet': {
    params: v.object({
      ...sheetOrderSchema.entries,
      format: v.picklist(SHEET_FORMATS),
      suggestedName: v.pipe(v.string(), v.maxLength(255)),
      /** As of an export. */
      orderId: v.optional(jobIdSchema),
    }),
    value: jobLineSchema,
  },
  /** Measures methods on a folder of originals that the user chooses in a native dialog (desktop only). */
  'door:evaluate': { params: evaluateSettingsSchema, value: jobLineSchema },
  /** Lets a job go on that was paused or broken off; see `job:resume`. */
  'door:resume': {
    params: v.object({ job: jobIdSchema, anew: v.optional(v.boolean(), false) }),
    value: jobLineSchema,
  },
  /** The address from which the file of a job that is done can be downloaded, once (browser only). */
  'door:collect': { params: v.object({ job: jobIdSchema }), value: v.object({ download: v.string() }) },
  /** Answers once the browser has begun to fetch a job's file, or there is none to be fetched. */
  'door:fetched': { params: v.object({ job: jobIdSchema }), value: v.null() },
  /** Files that are finished and were not fetched, of this page and of pages that are gone for good (browser only). */
  'door:finished': {
    params: v.object({}),
    value: v.array(v.object({ job: jobIdSchema, name: v.string(), orderId: v.optional(jobIdSchema) })),
  },
  /** Shows the file of a job that is done in the system's file manager (desktop only). */
  'door:reveal': { params: v.object({ job: jobIdSchema }), value: v.null() },
  /** Shows the folder of the user's own models there (desktop only). */
  'door:showModels': { params: v.object({}), value: v.null() },
} as const;

/** Subprotocol of the browser's WebSocket; beside it a returning tab offers `tab.` and its secret. */
export const TAB_PROTOCOL = 'enlarger';
export const TAB_SECRET_PREFIX = 'tab.';

export type PageDoorCall = keyof typeof pageDoorCalls;
export type PageDoorValue<C extends PageDoorCall> = v.InferOutput<(typeof pageDoorCalls)[C]['value']>;
export type PageDoorParams<C extends PageDoorCall> = v.InferOutput<(typeof pageDoorCalls)[C]['params']>;

export const isPageDoorCall = (name: string): name is PageDoorCall => Object.hasOwn(pageDoorCalls, name);

export const pageCallMessageSchema = v.object({
  id: v.pipe(v.number(), v.integer(), v.minValue(0)),
  call: v.pipe(v.string(), v.maxLength(64)),
  params: v.unknown(),
});
export type PageCallMessage = v.InferOutput<typeof pageCallMessageSchema>;

/** What a door tells its page unasked, beside the engine's own events. */
export const doorEventSchema = v.variant('event', [
  /** A photo that the user opened outside the page (open-with, a second start, the dock). */
  v.object({ event: v.literal('door:opened'), photo: photoInfoSchema }),
  v.object({ event: v.literal('door:failed'), fault: faultSchema }),
  /** A document that came so. */
  v.object({ event: v.literal('door:document'), document: openedDocumentSchema }),
  /** The engine died; what is on screen stays. Unless it died too often, `engine:restored` follows. */
  v.object({ event: v.literal('engine:lost'), fault: faultSchema }),
  /** A new engine has the page's photos under their old tokens, but for those that failed: views ask anew. */
  v.object({
    event: v.literal('engine:restored'),
    failed: v.array(v.object({ photo: photoTokenSchema, fault: faultSchema })),
  }),
  /** A command of the desktop's application menu that only the page can carry out. */
  v.object({ event: v.literal('door:command'), command: v.picklist(['export', 'save', 'saveAs', 'help']) }),
]);
export type DoorEvent = v.InferOutput<typeof doorEventSchema>;

export const pageMessageSchema = v.union([
  v.object({ id: v.number(), result: resultSchema }),
  v.object({ event: engineEventSchema }),
  v.object({ event: doorEventSchema }),
]);
export type PageMessage =
  v.InferOutput<typeof pageMessageSchema> | { event: EngineEvent } | { event: DoorEvent };

/** `window.enlargerShell`: what only the desktop's preload can do for a page. */
export interface PageShell {
  /**
   * Opens dropped, pasted or chosen files; in order, one `Result` each: of a photo its info, of a document what
   * `openedDocumentSchema` says.
   */
  openFiles(files: File[]): Promise<unknown[]>;
  /** Hands a dropped or chosen model over; a `Result<OfferedModel>`. */
  offerModel(file: File): Promise<unknown>;
}
