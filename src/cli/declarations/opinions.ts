import type { Command } from 'commander';
import type { OpinionsOptions } from '../commands/opinions';
import type { End } from './declaration';

export function addOpinions(program: Command, end: End): void {
  program
    .command('opinions')
    .summary('tell what blind comparisons found')
    .description(
      'Tells what the blind comparisons of the editor found that have ended: mean opinion scores, or shares of pairs won, of each method with 95 % intervals; those of one photo that ask the same are counted together.',
    )
    .usage('[PHOTO] [options]')
    .argument('[PHOTO]', 'only those of this photo')
    .option('--answers', 'every answer as it was given, as CSV or JSON')
    .option('--format <NAME>', 'text, csv or json (default: text)')
    .option('--json', 'the same as --format json')
    .option('-q, --quiet', 'no notes')
    .addHelpText(
      'after',
      `
Examples:
  enlarger opinions
  enlarger opinions photo.jpg --format csv > opinions.csv
  enlarger opinions --answers > answers.csv`,
    )
    .action(async (photo: string | undefined, options: OpinionsOptions) => {
      const { opinions } = await import('../commands/opinions');
      end(await opinions(photo, options));
    });
}
