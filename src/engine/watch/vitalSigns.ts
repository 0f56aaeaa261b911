/** A run of a network that is under way: what is to be held against whom if it does not end. */
export interface Run {
  /** `model sha256|device`. */
  readonly key: string;
  readonly method: string;
  /** How long it may take at most. */
  readonly limitSeconds: number;
}

/** What the engine is doing: nothing, something in JavaScript or in libvips, a run of a network. */
export type Doing = 'idle' | 'working' | 'running';
const DOING: readonly Doing[] = ['idle', 'working', 'running'];

/** The signs as the watchdog reads them. */
export interface Signs {
  /** Grows with every turn of the event loop's timer and with every run begun or ended. */
  readonly beats: number;
  readonly doing: Doing;
  readonly run: Run | undefined;
}

const BEATS = 0;
const STATE = 1;
const LENGTH = 2;
const HEADER_BYTES = 12;
const TEXT_BYTES = 1024;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * What the engine's own thread shows of itself in shared memory, for the thread that watches it. A run of a
 * network blocks the event loop, so nobody can be told anything meanwhile; memory can be read.
 */
export class VitalSigns {
  private readonly cells: Int32Array;
  private readonly text: Uint8Array;
  /** Runs do not overlap: the one begun first is the one that computes. */
  private readonly runs: Run[] = [];
  private tasks = 0;
  private longestLimit = 0;

  constructor(readonly memory = new SharedArrayBuffer(HEADER_BYTES + TEXT_BYTES)) {
    this.cells = new Int32Array(memory, 0, HEADER_BYTES / 4);
    this.text = new Uint8Array(memory, HEADER_BYTES, TEXT_BYTES);
  }

  /** One turn of the event loop; `isBusy` where work is under way that nobody marked. */
  beat(isBusy: boolean): void {
    this.show(isBusy);
  }

  /** Marks work until the function that it gives is called. */
  begin(): () => void {
    this.tasks += 1;
    this.show();
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      this.tasks -= 1;
      this.show();
    };
  }

  /** Does `work`, marked as a run that may block the event loop for its limit. */
  async during<T>(run: Run, work: () => Promise<T>): Promise<T> {
    this.runs.push(run);
    this.longestLimit = Math.max(this.longestLimit, run.limitSeconds);
    this.show();
    try {
      return await work();
    } finally {
      this.runs.splice(this.runs.indexOf(run), 1);
      this.show();
    }
  }

  /** Whether nothing is marked as under way. */
  get isIdle(): boolean {
    return this.tasks === 0 && this.runs.length === 0;
  }

  /** Seconds that the longest of all runs so far had at most. */
  get longestLimitSeconds(): number {
    return this.longestLimit;
  }

  read(): Signs {
    const doing = DOING[Atomics.load(this.cells, STATE)] ?? 'working';
    const bytes = this.text.slice(0, Atomics.load(this.cells, LENGTH)); // a copy: decoders take no shared memory
    return {
      beats: Atomics.load(this.cells, BEATS),
      doing,
      run: doing === 'running' ? (JSON.parse(decoder.decode(bytes)) as Run) : undefined,
    };
  }

  private show(isBusy = false): void {
    const run = this.runs[0];
    if (run !== undefined) {
      const bytes = encoder.encode(JSON.stringify(run)).subarray(0, TEXT_BYTES);
      this.text.set(bytes);
      Atomics.store(this.cells, LENGTH, bytes.length);
    }
    const doing: Doing = run !== undefined ? 'running' : isBusy || this.tasks > 0 ? 'working' : 'idle';
    Atomics.store(this.cells, STATE, DOING.indexOf(doing));
    Atomics.add(this.cells, BEATS, 1);
  }
}
