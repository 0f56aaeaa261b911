import * as v from 'valibot';

/** What the ledger keeps of an upscale, so that another engine makes exactly the file that this one would have. */

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));

/** By what a photo's file is taken to be the same: nothing is read for it. */
export const photoStampSchema = v.object({ bytes: whole, changedAt: v.number() });
export type PhotoStamp = v.InferOutput<typeof photoStampSchema>;

const fileMarkSchema = v.object({ inode: whole, bytes: whole, changedAt: v.number() });

const markSchema = v.variant('mark', [
  v.object({
    mark: v.literal('planned'),
    /** Of Enlarger: another may make other pixels. */
    version: v.string(),
    photo: photoStampSchema,
    /** The method's files, summed up. */
    method: v.string(),
    /** The plan of tiles. */
    columns: whole,
    rows: whole,
    /** Names of the files with the pixels, and of those with the map of what was invented. */
    scratch: v.array(v.string()),
    map: v.array(v.string()),
  }),
  /** Tiles whose pixels are on disk. */
  v.object({
    mark: v.literal('tiles'),
    tiles: v.array(whole),
    /** Of the invented part of these tiles, see `WithMap.squares`. */
    squares: v.number(),
    devices: v.array(v.string()),
    /** Spent since the last such mark. */
    seconds: v.number(),
  }),
  /** A folder beside an output that is removed unless its process did. */
  v.object({ mark: v.literal('staging'), folder: v.string() }),
  /** A whole file that is moved to `target`. */
  v.object({ mark: v.literal('placing'), target: v.string(), file: fileMarkSchema }),
]);
export type UpscaleMark = v.InferOutput<typeof markSchema>;
export type Plan = Omit<Extract<UpscaleMark, { mark: 'planned' }>, 'mark'>;

export interface Reached {
  readonly plan: Plan | undefined;
  readonly tiles: ReadonlySet<number>;
  readonly squares: number;
  readonly devices: ReadonlySet<string>;
  readonly seconds: number;
  readonly staging: readonly string[];
  readonly placing: readonly Extract<UpscaleMark, { mark: 'placing' }>[];
}

/** What marks add up to. A plan begins anew: the tiles of another are in files that are gone. */
export function reachedBy(marks: readonly unknown[]): Reached {
  let plan: Plan | undefined;
  let tiles = new Set<number>();
  let devices = new Set<string>();
  let [squares, seconds] = [0, 0];
  const staging: string[] = [];
  const placing: Extract<UpscaleMark, { mark: 'placing' }>[] = [];
  for (const mark of marks.map((one) => v.parse(markSchema, one))) {
    switch (mark.mark) {
      case 'planned': {
        plan = mark;
        tiles = new Set();
        devices = new Set();
        [squares, seconds] = [0, 0];
        break;
      }
      case 'tiles':
        for (const tile of mark.tiles) tiles.add(tile);
        for (const device of mark.devices) devices.add(device);
        squares += mark.squares;
        seconds += mark.seconds;
        break;
      case 'staging':
        staging.push(mark.folder);
        break;
      case 'placing':
        placing.push(mark);
        break;
    }
  }
  return { plan, tiles, squares, devices, seconds, staging, placing };
}
