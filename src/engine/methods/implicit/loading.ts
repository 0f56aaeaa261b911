import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { FaultError } from '../../../shared/faults';
import { grow, rect } from '../../../shared/geometry';
import type { Implicit, Manifest } from '../../../shared/manifest';
import { decodeRuns } from './decoding';
import {
  basisGraph,
  checkGraph,
  decoderGraph,
  priorGraph,
  sourceGraph,
  type ExpectedGraph,
} from './graphChecks';
import { DECODER_CONTROLS, encode, type DecoderControl, type ImplicitGraphs, type Turned } from './graphs';
import { axisPositions } from '../../kernels/positions';
import { priorOf } from './prior';
import {
  evaluateOn,
  GraphRunner,
  type Evaluate,
  type GraphRef,
  type GraphSet,
} from '../../runtime/graphRunner';
import type { RunnerParts } from '../../runtime/modelRunner';
import type { Trial } from '../../runtime/trial';
import { cutMirrored } from '../../kernels/margin';
import { raster } from '../../kernels/raster';
import { sizeOfRegularFile } from '../../state/regularFile';
import { cutOut } from '../../kernels/window';
import { decoderLimits } from './sizes';

/** An implicit method's graphs, ready to run. */
export interface LoadedGraphs {
  readonly implicit: Implicit;
  readonly graphs: ImplicitGraphs;
  readonly runner: GraphRunner;
}

const TRIAL_SCALE = 2;
const TRIAL_SEED = 1;

function expectManifest(manifest: Manifest): Implicit {
  const refuse = (why: string): never => {
    throw new FaultError('bad-model', why);
  };
  const { implicit, files, channels, controls } = manifest;
  if (!implicit) return refuse('its kind is implicit, and it has no part `implicit` that names its graphs');
  if (files.length > 0) refuse('its kind is implicit, and it names `files`, which are of other kinds');
  if (channels !== 'rgb') refuse(`its channels are ${channels}, and implicit methods work on rgb`);
  const ids = controls.map(({ id }) => id);
  if (ids.includes('seed') && !implicit.prior) refuse('it has the control seed, but no prior to use it');
  return implicit;
}

async function graphOf(
  folders: { readonly own: string; readonly shared: string },
  method: string,
  { file, sha256, shared }: { readonly file: string; readonly sha256: string; readonly shared: boolean },
  expected: ExpectedGraph,
): Promise<GraphRef> {
  const path = join(shared ? folders.shared : folders.own, file);
  const bytes = await sizeOfRegularFile(path).catch((error: unknown) => {
    throw new FaultError('bad-model', `its graph ${path} could not be read: ${String(error)}`, { file });
  });
  const graph = { method, path, sha256, bytes };
  return { ...graph, check: (network) => checkGraph(network, graph, expected) };
}

/** Reads what a manifest says of its graphs; throws where it does not hold together. */
export async function loadGraphs(
  folder: string,
  encoders: string,
  manifest: Manifest,
  parts: RunnerParts & { readonly exact?: boolean | undefined },
): Promise<LoadedGraphs> {
  const implicit = expectManifest(manifest);
  const { id } = manifest;
  const folders = { own: folder, shared: encoders };
  const last = implicit.source.length - 1;
  const source = await Promise.all(
    implicit.source.map(async (file, k) => {
      const { channels } = file;
      const from = k === 0 ? 3 : implicit.source[k - 1]!.channels;
      const expected = sourceGraph(from, channels, {
        isLast: k === last,
        hasPrior: implicit.prior !== undefined,
      });
      return { ...(await graphOf(folders, id, file, expected)), channels };
    }),
  );
  const { prior, decoder } = implicit;
  const turned = turnedOf(manifest);
  const controls = DECODER_CONTROLS.filter((control) => turned[control] !== undefined);
  const decoding = decoderGraph(implicit.source[last]!.channels, controls);
  const graphs: ImplicitGraphs = {
    source,
    decoder: {
      ...(await graphOf(folders, id, decoder, decoding)),
      ...(decoder.onCpu && !parts.exact && { onCpu: await graphOf(folders, id, decoder.onCpu, decoding) }),
    },
    // Its sums are of whole numbers.
    ...(decoder.basis &&
      !parts.exact && {
        basis: {
          ...(await graphOf(folders, id, decoder.basis, basisGraph(decoder.basis.functions, controls))),
          functions: decoder.basis.functions,
          hasControls: controls.length > 0,
        },
      }),
    ...(prior && {
      prior: {
        ...(await graphOf(folders, id, prior, priorGraph(prior.side, prior.noise))),
        side: prior.side,
        noise: prior.noise,
      },
    }),
  };
  const trial = trialOf(graphs, implicit, turned, parts);
  return { implicit, graphs, runner: new GraphRunner(parts, setOf(id, graphs), trial) };
}

/** Where the decoder's controls stand: as the user turned them, else as the method has them by itself. */
export function turnedOf(
  { controls }: Manifest,
  user: { readonly [C in DecoderControl]?: number | undefined } = {},
): Turned {
  const turned: { [C in DecoderControl]?: number } = {};
  for (const id of DECODER_CONTROLS) {
    const control = controls.find((one) => one.id === id);
    if (control) turned[id] = user[id] ?? control.default;
  }
  return turned;
}

/** All graphs as one model: a device is right for all of them together or not at all. */
function setOf(method: string, { source, decoder, basis, prior }: ImplicitGraphs): GraphSet {
  const graphs = [
    ...source,
    decoder,
    ...(decoder.onCpu ? [decoder.onCpu] : []),
    ...(basis ? [basis] : []),
    ...(prior ? [prior] : []),
  ];
  const sums = createHash('sha256').update(graphs.map(({ sha256 }) => sha256).join('\n'));
  const bytes = graphs.reduce((sum, graph) => sum + graph.bytes, 0);
  return { method, path: decoder.path, sha256: sums.digest('hex'), bytes, graphs };
}

/** Answers to a picture as the method would at x2, less the base. */
function trialOf(
  graphs: ImplicitGraphs,
  implicit: Implicit,
  turned: Turned,
  { buffers }: RunnerParts,
): Trial {
  const { signal } = new AbortController();
  return {
    channels: 3,
    factor: TRIAL_SCALE,
    async answer(sessions, device, picture) {
      const evaluate: Evaluate = (graph, offered, wanted) =>
        sessions.use(graph, device, (network) => evaluateOn(network, graph, offered, wanted));
      const { width, height } = picture;
      const whole = rect<'source'>(0, 0, width, height);
      const window = { rect: whole, pixels: picture };
      const prior =
        graphs.prior &&
        (await priorOf(
          graphs.prior,
          picture,
          TRIAL_SEED,
          (part) => Promise.resolve(cutOut(window, part)),
          evaluate,
        ));
      // The decoder looks one cell beyond the border, at the mirrored photo.
      const padded = grow(whole, implicit.align);
      const mirrored = cutMirrored(window, padded, picture);
      const features = {
        rect: padded,
        pixels: await encode(graphs.source, { photo: mirrored, prior }, evaluate),
      };
      const [rows, columns] = [height, width].map((photo) =>
        axisPositions({ scale: TRIAL_SCALE, photo, start: 0, length: photo * TRIAL_SCALE }),
      );
      const into = raster(width * TRIAL_SCALE, height * TRIAL_SCALE, 3);
      const size = 2 / TRIAL_SCALE;
      await decodeRuns(
        {
          graphs,
          evaluate,
          buffers,
          signal,
          into,
          transposed: false,
          share: 1,
          lattice: { rows: rows!, columns: columns!, cell: [size, size], turned },
          limits: decoderLimits(implicit),
        },
        features,
        { from: 0, count: into.height },
        { from: 0, count: into.width },
      );
      return into;
    },
  };
}
