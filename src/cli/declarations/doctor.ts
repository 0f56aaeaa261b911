import type { Command } from 'commander';
import type { End } from './declaration';

export function addDoctor(program: Command, end: End): void {
  program
    .command('doctor')
    .summary('say what works here, and what mends what does not')
    .description(
      'Checks this machine: processor, devices, runtime and every model, and what would mend them.',
    )
    .option('--json', 'a JSON object on standard output')
    .addHelpText('after', '\nExamples:\n  enlarger doctor')
    .action(async (options: { json?: boolean }) => {
      const { doctor } = await import('../commands/doctor');
      end(await doctor(options));
    });
}
