import type { FinetuneDone } from '../../shared/contract';
import type { Manifest } from '../../shared/manifest';
import { writeDraft, writeManifest } from '../methods/userModels';
import type { SavedModel } from './trainee';

/** What is said of a personal model beside what its method says of itself. */
export interface Upbringing {
  readonly id: string;
  readonly name: string;
  readonly base: Manifest;
  readonly loss: string;
  readonly done: Omit<FinetuneDone, 'id'>;
}

const signed = (value: number): string => `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(2)}`;
const minutesOf = (seconds: number): number => Number((seconds / 60).toFixed(2));

function manifestOf({ id, name, base, loss, done }: Upbringing, { parts }: SavedModel): Manifest {
  const gain = signed(done.after.psnrY - done.before.psnrY);
  return {
    format: 1,
    id,
    name,
    family: base.family,
    channels: base.channels,
    weights: base.weights,
    licence: base.licence,
    paper: base.paper,
    ...parts,
    origin: 'personal',
    source: `${base.name} (${base.id})`,
    figures: {},
    training: {
      photographs: `${done.learned} photos of the user's own, ${done.kept.length} more kept aside`,
      steps: done.steps,
      minutes: minutesOf(done.seconds),
      device: 'CPU',
      loss,
      runs: {},
    },
    goodAt: `Photos like those that it learned from: ${gain} dB on ${done.kept.length} kept aside, at ${done.scales.map((scale) => `x${scale}`).join(', ')}.`,
    badAt: 'Everything else as its method is, or a little worse.',
  };
}

const figures = ({ psnrY, lpips }: FinetuneDone['before']): string =>
  `${psnrY.toFixed(2)} dB${lpips === null ? '' : `, LPIPS ${lpips.toFixed(4)}`}`;

const cardOf = ({ name, base, loss, done }: Upbringing): string => `# ${name}

${base.name} (\`${base.id}\`), which went on learning from ${done.learned} photos of the user's own, at ${done.scales.map((scale) => `x${scale}`).join(', ')}: ${done.steps} steps in ${minutesOf(done.seconds)} minutes, by the loss ${loss}.

| | before | after |
|---|---|---|
| ${done.kept.length} photos kept aside | ${figures(done.before)} | ${figures(done.after)} |
${done.general === null ? '' : `\nOn the project's sample: ${signed(done.general)} dB.\n`}
Measured on the most detailed part of each photo kept aside, which was reduced, enlarged again and compared (PSNR of luma, a border as wide as the scale left out): ${done.kept.join(', ')}.

Licence of the weights that it began with: ${base.licence.weights}.
`;

/** Writes a personal model into a draft of the catalogue's. */
export async function writePersonalModel(
  draft: string,
  upbringing: Upbringing,
  saved: SavedModel,
): Promise<void> {
  for (const { name, content } of saved.files) await writeDraft(draft, name, content);
  await writeManifest(draft, manifestOf(upbringing, saved));
  await writeDraft(draft, 'card.md', cardOf(upbringing));
}
