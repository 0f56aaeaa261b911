import type { Command } from 'commander';
import type { End } from './declaration';

export function addMethods(program: Command, end: End): void {
  const command = program
    .command('methods')
    .summary('list the methods; rename, remove or export your own')
    .description(
      'Lists the methods: their scales, weights, measured quality and speed, what can be turned in them, and licence. Models of your own, imported or personal, can be renamed, removed and exported.',
    )
    .option('--json', 'a JSON list on standard output')
    .addHelpText(
      'after',
      `
Examples:
  enlarger methods
  enlarger methods --json
  enlarger methods rename my-dog "Rex"
  enlarger methods export my-dog -o my-dog.onnx
  enlarger methods remove my-dog`,
    )
    .action(async (options: { json?: boolean }) => {
      const { methods } = await import('../commands/methods');
      end(await methods(options));
    });
  command
    .command('rename')
    .summary('call a model of your own something else; its id stays')
    .argument('<ID>', 'the id of a model of your own')
    .argument('<NAME>', 'its new name')
    .action(async (id: string, name: string) => {
      const { renameMethod } = await import('../commands/ownMethods');
      end(await renameMethod(id, name));
    });
  command
    .command('remove')
    .summary('remove a model of your own, from the disk too')
    .argument('<ID>', 'the id of a model of your own')
    .action(async (id: string) => {
      const { removeMethod } = await import('../commands/ownMethods');
      end(await removeMethod(id));
    });
  command
    .command('export')
    .summary('write a model of your own to a file or folder')
    .argument('<ID>', 'the id of a model of your own')
    .requiredOption(
      '-o, --output <FILE|DIR>',
      'a new folder, which "enlarger import" takes over elsewhere, or a new .onnx file',
    )
    .action(async (id: string, options: { output: string }) => {
      const { exportMethod } = await import('../commands/ownMethods');
      end(await exportMethod(id, options.output));
    });
}
