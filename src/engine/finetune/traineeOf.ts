import { FaultError } from '../../shared/faults';
import type { CatalogueEntry } from '../methods/modelsFolder';
import { implicitTrainee } from './implicitTrainee';
import { networkTrainee } from './networkTrainee';
import type { Trainee } from './trainee';

/** Scales at which a method of any scale learns in turn, where none is named. */
const SEVERAL = [2, 3, 4];

/** The scales at which a method learns; throws where it has no weights. */
export function learningScales(
  { method, model }: CatalogueEntry,
  asked: number | undefined,
): readonly number[] {
  if (!model) {
    throw new FaultError(
      'bad-model',
      `Expected a method with weights to learn, but ${method.id} has none: it is a formula; choose another one, such as fsrcnn.`,
    );
  }
  if (asked !== undefined) return [asked];
  return model.manifest.kind === 'implicit' ? SEVERAL : [Math.min(...model.manifest.scales)];
}

/** A method of the catalogue as one that learns. Throws `bad-model` with the reason where it cannot. */
export function traineeOf(
  entry: CatalogueEntry,
  encoders: string,
  scales: readonly number[],
): Promise<Trainee> {
  const { manifest, folder } = entry.model!;
  return manifest.kind === 'implicit'
    ? implicitTrainee(manifest, folder, encoders, scales)
    : networkTrainee(manifest, folder, scales[0]!);
}
