import type { Command } from 'commander';
import type { JobsOptions } from '../commands/jobs';
import type { End } from './declaration';

export function addJobs(program: Command, end: End): void {
  program
    .command('jobs')
    .summary('go on with work that was broken off')
    .description(
      'Lists enlargements and trainings that were broken off: the terminal was closed, the machine went down. Each goes on from its last finished tile or checkpoint and gives exactly what it would have given.',
    )
    .option('--resume <ID>', 'let it go on')
    .option('--anew', 'with --resume: from the beginning, where the photo or the method was changed')
    .option('--drop <ID>', 'forget it, with all that it left on the disk')
    .option('--json', 'JSON on standard output')
    .addHelpText('after', '\nExamples:\n  enlarger jobs\n  enlarger jobs --resume k3v9w2xd')
    .action(async (options: JobsOptions) => {
      const { jobs } = await import('../commands/jobs');
      end(await jobs(options));
    });
}
