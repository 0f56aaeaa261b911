import type { Command } from 'commander';
import type { End } from './declaration';

export function addServe(program: Command, end: End): void {
  program
    .command('serve')
    .summary('open the editor in a browser')
    .description('Serves the editor to a browser on this machine (127.0.0.1 only, with a one-time address).')
    .option('--port <N>', 'port to listen on (default: a free one)')
    .option('--no-open', 'only print the address')
    .addHelpText('after', '\nExamples:\n  enlarger serve\n  enlarger serve --port 8080 --no-open')
    .action(async (options: { port?: string; open: boolean }) => {
      const { serve } = await import('../commands/serve');
      end(await serve(options));
    });
}
