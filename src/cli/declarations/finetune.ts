import type { Command } from 'commander';
import type { FinetuneOptions } from '../finetuneCall';
import type { End } from './declaration';

export function addFinetune(program: Command, end: End): void {
  program
    .command('finetune')
    .summary('let a method learn from your photos')
    .description(
      'Lets a method go on learning from your own photos, on this machine, and keeps the result as a method of its own where it is better on photos that it did not see: one in five is kept aside, at least one, so two photos or more are needed. The method itself stays as it is.',
    )
    .usage('PHOTO... --method ID --name NAME [options]')
    .argument('[PHOTO...]', 'photos of one kind: one camera, one subject')
    .option('--method <ID>', 'the method that is to learn, such as fsrcnn, espcn, edsr or enlarger-fast')
    .option('--name <NAME>', 'what the personal model is called; its id is made from it')
    .option(
      '--scale <N>',
      "the scale that it learns (default: the method's smallest; x2, x3 and x4 where it makes any)",
    )
    .option('--minutes <N>', 'how long it may learn (default: 10)')
    .option('--steps <N>', 'in place of --minutes: so many steps, which makes it repeatable')
    .option(
      '--loss <NAME>',
      'l1, l2, charbonnier, ssim or frequency; cross-entropy of cs and fcs (default: what the method was trained with)',
    )
    .option('--last-layers <N>', 'only the last N layers learn (default: all)')
    .option('--low-rank <N>', 'additions of rank N learn in place of the weights')
    .option(
      '--rate <N>',
      'the highest learning rate (default: 0.0001); lowered by itself where it is too high',
    )
    .option('--blur <N>', 'photos to enlarge are blurred beside being small: standard deviation in pixels')
    .option('--noise <N>', 'they are noisy: standard deviation in 8-bit steps, or "photo": as each photo is')
    .option('--jpeg <N>', 'they are JPEGs of that quality, or "photo": of the quality that each photo has')
    .option('--keep', 'keep it even where it is not better')
    .option('--resume', 'go on with the training of that name that was broken off')
    .option('--json', 'a JSON object on standard output')
    .option('-q, --quiet', 'no progress and no notes')
    .addHelpText(
      'after',
      `
Ctrl-C stops after the step at hand and keeps what is better; a second one ends at once, and --resume goes on
from the last checkpoint.

Examples:
  enlarger finetune dog/*.jpg --method fsrcnn --name "My dog" --minutes 5
  enlarger finetune *.jpg --method edsr --name "My camera" --noise photo --minutes 60
  enlarger finetune --name "My camera" --resume`,
    )
    .action(async (photos: string[], options: FinetuneOptions) => {
      const { finetune } = await import('../commands/finetune');
      end(await finetune(photos, options));
    });
}
