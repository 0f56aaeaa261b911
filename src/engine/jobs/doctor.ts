import { availableParallelism, cpus, totalmem } from 'node:os';
import type { Diagnosis } from '../../shared/contract';
import { faultOf } from '../../shared/faults';
import { paceText } from '../../shared/pace';
import { FORMATS, INPUT_FORMATS, OUTPUT_FORMATS, writtenTraits } from '../../shared/formats';
import type { Devices } from '../runtime/devices';
import type { Method } from '../methods/method';
import type { Catalogue } from '../methods/catalogue';
import type { Gauges } from '../metrics/gauges';
import { METRIC_FILE_FACTS } from '../metrics/metricFiles';
import { findReporting } from '../runtime/reporting';
import type { Runtime } from '../runtime/runtime';
import type { Paces } from '../methods/pace';
import type { Job } from './job';
import type { JobKind } from './kind';

export interface DoctorParts {
  readonly version: string;
  readonly runtime: Runtime;
  readonly codec: { readonly sharp: string; readonly libvips: string };
  readonly devices: Devices;
  readonly catalogue: Catalogue;
  readonly paces: Paces;
  readonly gauges: Pick<Gauges, 'missing'>;
  /** Sentences said while the methods were loaded: folders that were left out. */
  readonly leftOut: readonly string[];
}

type Examined = Diagnosis['models'][number];

async function examine(method: Method, job: Job, { devices, paces }: DoctorParts): Promise<Examined> {
  const end = await job.turn();
  try {
    for (const { model, trial } of method.networks) {
      const { ok, says } = await devices.check(model, trial);
      if (!ok) return { id: method.id, ok, device: null, says };
    }
    const pace = await paces.measure(method, job.signal);
    const device = paces.device(method);
    return {
      id: method.id,
      ok: true,
      device,
      says: `${paceText(pace)} s a megapixel on ${device ?? 'cpu'}`,
    };
  } catch (error) {
    if (job.signal.aborted) throw error;
    return { id: method.id, ok: false, device: null, says: faultOf(error).message };
  } finally {
    end();
  }
}

function missingOf(
  found: Diagnosis['devices'],
  models: readonly Examined[],
  leftOut: readonly string[],
): Diagnosis['missing'] {
  const missing: Diagnosis['missing'] = models
    .filter(({ ok }) => !ok)
    .map(({ id }) => ({ what: `a working model of ${id}`, mend: `git checkout -- resources/models/${id}` }));
  missing.push(...leftOut.map((what) => ({ what, mend: 'git checkout -- resources/models' })));
  const absent = (device: string): boolean => found.some((one) => one.device === device && !one.found);
  if (absent('cuda') && process.platform === 'linux' && process.arch === 'x64') {
    missing.push({
      what: 'the CUDA libraries, which only an NVIDIA device can use',
      mend: 'node node_modules/onnxruntime-node/script/install.js --onnxruntime-node-install=cuda12',
    });
  }
  if (absent('webgpu') && process.platform === 'linux') {
    missing.push({
      what: 'a graphics device with a Vulkan driver, for WebGPU',
      mend: 'sudo apt install mesa-vulkan-drivers libvulkan1',
    });
  }
  return missing;
}

/** What is here, whether each model works, and what is missing with the command that mends it. */
export async function diagnose(job: Job, parts: DoctorParts): Promise<Diagnosis> {
  const found = await parts.devices.list(true);
  const methods = parts.catalogue.all.filter(({ networks }) => networks.length > 0);
  const models: Examined[] = [];
  for (const method of methods) {
    job.progress('measure', models.length, methods.length, method.id);
    models.push(await examine(method, job, parts));
  }
  job.progress('measure', methods.length, methods.length);
  return {
    version: parts.version,
    node: process.versions.node,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Number((totalmem() / 2 ** 30).toFixed(1)),
    runtime: `ONNX Runtime ${parts.runtime.version}`,
    codec: `sharp ${parts.codec.sharp}, libvips ${parts.codec.libvips}`,
    formats: {
      reads: INPUT_FORMATS.map((format) => FORMATS[format].name),
      writes: OUTPUT_FORMATS.map(
        (format) => `${FORMATS[format].name} (${writtenTraits(format).bits[16]} bits)`,
      ),
    },
    devices: found,
    models,
    missing: [
      ...missingOf(found, models, parts.leftOut),
      ...(await parts.gauges.missing()).map((metric) => ({
        what: `${METRIC_FILE_FACTS[metric].holds}, without which ${metric.toUpperCase()} is not measured (its authors publish ${METRIC_FILE_FACTS[metric].file})`,
        mend: `enlarger import --metric ${metric} ${METRIC_FILE_FACTS[metric].file}`,
      })),
    ],
    // Last: the models have run by now.
    reporting: await findReporting(),
  };
}

/** See `diagnose`; ends with its engine. */
export const doctorKind = (parts: DoctorParts): JobKind<'doctor'> => ({
  begin: () => Promise.resolve({ title: 'doctor', run: (job) => diagnose(job, parts) }),
});
