import { open, readFile, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ImportFindings } from '../../shared/contract';
import { FaultError } from '../../shared/faults';
import type { Manifest } from '../../shared/manifest';
import type { Catalogue } from '../methods/catalogue';
import { writeDraft, writeManifest } from '../methods/userModels';
import { externalDataBeside } from '../onnx/externalData';
import { sha256Of } from '../onnx/modelRef';
import { readModel } from '../onnx/readModel';
import { examine, type Examined } from './examine';
import { expectNewId, idOf, importFolder, isFolder } from './importFolder';
import type { ExamineParts } from './tried';

/** A file of this size is read whole, several times over; enlargers of pictures stay far below. */
const LARGEST_BYTES = 2 ** 30;
/** Tiles of models that see more than can be read around them fade into each other over this, as bundled ones do. */
const FADING_OVERLAP = 40;
/** Of the only size that a model runs at, so that the half of a tile is its own. */
const FADING_SHARE = 4;
const NOT_STATED = 'not stated';

const withoutEnding = (file: string): string => file.replace(/\.onnx$/i, '');

/** What the user says of a model. */
export interface ImportWords {
  readonly path: string;
  /** What the user calls the file; absent: as it is called. */
  readonly file?: string | undefined;
  readonly name?: string | undefined;
  readonly licence?: string | undefined;
  readonly source?: string | undefined;
}

async function readChecked(path: string, name: string): Promise<Uint8Array> {
  const file = await open(path, 'r').catch(() => {
    throw new FaultError(
      'not-found',
      `Expected a model file, but ${name} cannot be opened; check its path.`,
      {
        file: path,
      },
    );
  });
  try {
    const found = await file.stat();
    if (!found.isFile()) {
      throw new FaultError('not-a-file', `Expected a model file, but ${name} is none.`, { file: path });
    }
    if (found.size > LARGEST_BYTES) {
      throw new FaultError(
        'too-large',
        `Expected a model of at most 1 GiB, but ${name} has ${(found.size / 2 ** 30).toFixed(1)} GiB.`,
        { file: path },
      );
    }
    return await readFile(file);
  } finally {
    await file.close();
  }
}

const findingsOf = ({
  form,
  consistencyDb,
  orderIsCertain,
  reach,
  means,
  ...costs
}: Examined): ImportFindings => ({
  scale: form.scale,
  channels: form.channels,
  layout: form.layout,
  range: form.range,
  order: form.channels === 1 ? 'grey' : form.order,
  orderIsCertain,
  multiple: form.multiple,
  only: form.only ?? null,
  overlap: reach?.overlap ?? null,
  means: means?.count ?? 0,
  weights: costs.weights,
  macsPerPixel: costs.macsPerPixel,
  liveBytesPerPixel: costs.liveBytesPerPixel,
  consistencyDb,
});

function manifestOf(id: string, file: string, words: ImportWords, examined: Examined): Manifest {
  const { form, reach, means, model } = examined;
  const { scale, only } = form;
  const largestInput = only && Math.min(only.width, only.height);
  const fading = Math.min(FADING_OVERLAP, Math.floor((largestInput ?? Infinity) / FADING_SHARE));
  const field = reach
    ? { before: reach.overlap, after: reach.overlap, exact: true, measured: reach }
    : { before: fading, after: fading, exact: false };
  return {
    format: 1,
    id,
    name: words.name ?? withoutEnding(file),
    family: examined.hasAttention ? 'attention' : 'convolutional',
    // One that changes no size works on the bicubic enlargement, at whatever scale is wanted.
    kind: scale === 1 ? 'preUpsampled' : 'network',
    channels: form.channels === 1 ? 'y' : 'rgb',
    scales: scale === 1 ? [2, 3, 4] : [scale],
    weights: examined.weights,
    licence: { weights: words.licence ?? NOT_STATED, data: NOT_STATED },
    paper: null,
    origin: 'imported',
    source: words.source ?? file,
    files: [
      {
        scale: scale === 1 ? 0 : scale,
        file: 'model.onnx',
        sha256: sha256Of(model),
        receptiveField: field,
        macsPerPixel: examined.macsPerPixel,
        liveBytesPerPixel: examined.liveBytesPerPixel,
        ...(largestInput !== undefined && { largestInput }),
        ...(means && { means }),
      },
    ],
    controls: [],
    figures: {},
    goodAt: 'What its maker trained it for; it was imported and not measured by this project.',
    badAt:
      scale === 1
        ? 'It changes no size: it refines what the bicubic enlarged.'
        : 'Not known: compare it with others on your own photos.',
  };
}

const cardOf = (manifest: Manifest, found: ImportFindings): string => `# ${manifest.name}

Imported from ${manifest.source ?? NOT_STATED}. Licence of the weights: ${manifest.licence.weights}.

Found by trying it on the sample chart: scale ${found.scale}, ${found.layout}, ${found.order}, values ${found.range}, ${
  found.only
    ? `runs at ${found.only.width} x ${found.only.height} only`
    : `sides in multiples of ${found.multiple}`
}, ${
  found.overlap === null ? 'looks further than tiles can read' : `looks ${found.overlap} pixels far`
}${found.means > 0 ? ', beside means over the whole photo, which are taken of samples of it' : ''}. Its reduced result is ${found.consistencyDb.toFixed(1)} dB from what went in.
`;

export interface ImportParts extends ExamineParts {
  readonly catalogue: Catalogue;
}

/**
 * Examines a model file and, where `keep` says so, makes it a method of the user's own: a folder with the model, its
 * manifest and its card, written whole or not at all. A method that has the name already is not replaced.
 */
export async function importModel(
  words: ImportWords,
  keep: boolean,
  parts: ImportParts,
): Promise<{ id: string; findings: ImportFindings | null }> {
  const file = words.file ?? basename(words.path);
  if (await isFolder(words.path)) return importFolder(words, keep, parts.catalogue);
  const id = idOf(words.name ?? withoutEnding(file));
  if (keep) expectNewId(parts.catalogue, id, file, file);
  const graph = readModel(await readChecked(words.path, file), file, externalDataBeside(words.path));
  const examined = await examine(graph, file, parts);
  const findings = findingsOf(examined);
  if (!keep) return { id, findings };
  const manifest = manifestOf(id, file, words, examined);
  const draft = await parts.catalogue.draft();
  try {
    await writeDraft(draft, 'model.onnx', examined.model);
    await writeDraft(draft, 'card.md', cardOf(manifest, findings));
    await writeManifest(draft, manifest);
    parts.signal.throwIfAborted();
    await parts.catalogue.install(draft, id);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
  return { id, findings };
}
