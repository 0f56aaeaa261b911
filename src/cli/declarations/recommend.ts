import type { Command } from 'commander';
import type { RecommendOptions } from '../commands/recommend';
import { withPage, type End } from './declaration';

export function addRecommend(program: Command, end: End): void {
  const command = program
    .command('recommend')
    .summary('find the method that is right for a photo')
    .description(
      "Hides and recovers: the photo's most detailed parts are reduced, every method enlarges them again, and the original parts tell which came nearest. It also says when that does not carry over: for a photo that is blurred, noisy or has JPEG blocks.",
    )
    .usage('PHOTO [options]')
    .argument('<PHOTO>', 'a photo');
  withPage(command)
    .option('--scale <N>', 'a number above 1 and up to 30', '4')
    .option('--method <ID,...>', 'methods to try, separated by commas (default: all that have the scale)')
    .option(
      '--degradation <NAME>',
      "bicubic: reduced as the papers do; photo: with the photo's own blur, noise and JPEG quality, too",
      'bicubic',
    )
    .option('--seconds <N>', 'begin no further part after so long; the first is always done', '60')
    .option('--device <NAME>', 'auto, cpu, webgpu, cuda, dml or coreml', 'auto')
    .option('--json', 'a JSON object on standard output')
    .option('-q, --quiet', 'no progress and no notes')
    .addHelpText(
      'after',
      `
Examples:
  enlarger recommend photo.jpg
  enlarger recommend photo.jpg --scale 2 --method bicubic,edsr,enlarger-fast --json
  enlarger recommend old.jpg --degradation photo`,
    )
    .action(async (photo: string, options: RecommendOptions) => {
      const { recommend } = await import('../commands/recommend');
      end(await recommend(photo, options));
    });
}
