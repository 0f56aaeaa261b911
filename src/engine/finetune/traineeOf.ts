import { LOSS_NAMES, type LossName } from '../../shared/contract';
import { FaultError } from '../../shared/faults';
import { usualScales } from '../../shared/learnable';
import type { Manifest } from '../../shared/manifest';
import type { CatalogueEntry } from '../methods/modelsFolder';
import { implicitTrainee } from './implicitTrainee';
import { choosesLevels } from './levelChoice';
import { networkTrainee } from './networkTrainee';
import type { Trainee } from './trainee';

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
  return usualScales(model.manifest);
}

/** What a method can learn by, the usual one first. */
export const lossesOf = (manifest: Manifest): readonly LossName[] =>
  choosesLevels(manifest) ? ['cross-entropy'] : LOSS_NAMES.filter((name) => name !== 'cross-entropy');

/** What was asked for, or what the method was trained with: another loss would first unlearn that. Else the usual. */
export function learningLoss({ method, model }: CatalogueEntry, asked: LossName | undefined): LossName {
  const { manifest } = model!;
  const losses = lossesOf(manifest);
  if (asked === undefined) return losses.find((name) => name === manifest.training?.loss) ?? losses[0]!;
  if (losses.includes(asked)) return asked;
  const why = choosesLevels(manifest)
    ? 'it chooses among levels, and a loss between pictures would blur the choice'
    : 'it gives colours, and chooses among no levels';
  throw new FaultError(
    'bad-option',
    `Expected a loss that ${method.id} can learn by (${losses.join(', ')}), received ${asked}: ${why}; leave it out for the usual one.`,
  );
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
