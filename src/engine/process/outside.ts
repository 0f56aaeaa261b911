import type { DoctorParts } from '../jobs/doctor';
import type { JobsParts } from '../jobs/jobs';
import type { Gauges } from '../metrics/gauges';
import type { OpenSimilarity } from '../metrics/similarity';
import type { ModelRef } from '../onnx/modelRef';
import type { Pixels } from '../pixels/pixels';
import type { SpentBuffers } from '../pixels/spentBuffers';
import type { Graph, Runtime } from '../runtime/runtime';
import type { Queue } from '../schedule/queue';
import type { Store } from '../state/store';
import type { MethodChange } from '../../shared/contract';
import type { VitalSigns } from '../watch/vitalSigns';
import type { Codec } from './answers';

/** What differs between the real engine and one under test. */
export interface EngineOutside {
  readonly files: Codec;
  readonly codec: DoctorParts['codec'];
  readonly runtime: Runtime;
  readonly pixels: Pixels;
  /** Memory that the pixel workers give back. */
  readonly buffers: SpentBuffers;
  readonly resources: string | undefined;
  readonly configFolder: string;
  readonly scratchFolder: string;
  /** The metrics that need the user's files, their networks on graphs that the given function opens. */
  readonly gauges: (open: (model: ModelRef) => Promise<Graph>) => Gauges;
  /** Where SSIM of large pictures is computed; absent: on the engine's own thread. */
  readonly openSimilarity?: OpenSimilarity;
  readonly sample: string;
  /** Where jobs keep pixels that outlive this engine. */
  readonly scratchRoot: string;
  readonly notice: (sentence: string) => void;
  /** Tells every client that methods came, changed or went. */
  readonly methodsChanged: (changes: readonly MethodChange[]) => void;
  /** Tells every client, each what it is to hear. */
  readonly tellEach: JobsParts['tell'];
  readonly idleSeconds?: number;
  /** Nothing that is quicker for being a little less exact, see `MethodParts`. */
  readonly exact?: boolean;
  /** Milliseconds between two marks of an upscale in the ledger; absent: as usual. */
  readonly markEveryMs?: number | undefined;
  /** Where the watchdog looks and what it left; absent: nobody watches. */
  readonly watch?: { readonly signs: VitalSigns; readonly patience: number; readonly hungFile: string };
  /** Told of the engine's inner parts that its process must know. */
  readonly onBuilt?: (built: { store: Store; queue: Queue }) => void;
}
