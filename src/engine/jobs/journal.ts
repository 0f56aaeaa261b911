import { mkdir, open, readFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import * as v from 'valibot';
import { Mutex } from '../../shared/mutex';
import { follow, jobRecordSchema, stateAfter, type JobRecord, type JobState } from './ledger';

/**
 * A job's records on disk: one line each, `CRC-32 JSON`, only ever appended. A last line that a death tore is
 * noticed by its sum and cut off; so is everything behind a damaged one.
 */
const FILE = 'journal';

const lineOf = (record: JobRecord): string => {
  const json = JSON.stringify(record);
  return `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`;
};

function recordOf(line: string): JobRecord | undefined {
  const json = line.slice(9);
  if (line.slice(0, 9) !== `${crc32(json).toString(16).padStart(8, '0')} `) return undefined;
  const read = v.safeParse(jobRecordSchema, JSON.parse(json));
  return read.success ? read.output : undefined;
}

/** The whole records at the start of a journal, and how many bytes they take. */
export function readRecords(bytes: Buffer): { records: JobRecord[]; wholeBytes: number } {
  const records: JobRecord[] = [];
  let wholeBytes = 0;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, wholeBytes)) {
    const record = recordOf(bytes.toString('utf8', wholeBytes, end));
    if (record === undefined || (records.length === 0) !== (record.record === 'begun')) break;
    records.push(record);
    wholeBytes = end + 1;
  }
  return { records, wholeBytes };
}

/** The state that a job's folder tells; undefined where there is no whole record. */
export async function readJournal(folder: string): Promise<JobState | undefined> {
  const bytes = await readFile(join(folder, FILE)).catch(() => Buffer.alloc(0));
  return stateAfter(readRecords(bytes).records);
}

/** A journal open for more. Whoever opens it holds the job's claim. */
export class Journal {
  private readonly turns = new Mutex();

  private constructor(
    private readonly file: FileHandle,
    private now: JobState,
  ) {}

  /** Begins a job's journal in `folder`, which is made. Throws the system's error where one is there. */
  static async begin(folder: string, begun: Extract<JobRecord, { record: 'begun' }>): Promise<Journal> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = await open(join(folder, FILE), 'ax', 0o600);
    const journal = new Journal(file, follow(undefined, begun));
    await file.appendFile(lineOf(begun));
    return journal;
  }

  /** Opens a journal to go on, without what a death tore; undefined where nothing whole is in it. */
  static async reopen(folder: string): Promise<Journal | undefined> {
    const path = join(folder, FILE);
    const { records, wholeBytes } = readRecords(await readFile(path).catch(() => Buffer.alloc(0)));
    const state = stateAfter(records);
    if (state === undefined) return undefined;
    const file = await open(path, 'a', 0o600);
    await file.truncate(wholeBytes);
    return new Journal(file, state);
  }

  get state(): JobState {
    return this.now;
  }

  /** One more record; in the file when it resolves, so that the process may die. */
  append(record: JobRecord): Promise<void> {
    return this.turns.run(async () => {
      await this.file.appendFile(lineOf(record));
      this.now = follow(this.now, record);
    });
  }

  /** Brings the records to the disk, so that the power may fail. */
  sync(): Promise<void> {
    return this.turns.run(() => this.file.datasync());
  }

  close(): Promise<void> {
    return this.turns.run(() => this.file.close());
  }
}
