import type { Command } from 'commander';
import type { ImportOptions } from '../commands/import';
import type { End } from './declaration';

export function addImport(program: Command, end: End): void {
  program
    .command('import')
    .summary("take over a model as a method, or install a metric's file")
    .description(
      'Takes an ONNX model that enlarges pictures over as a method like any other. What it wants (scale, order of colours, range of values, layout, multiples) and how far it looks are found by trying it on the sample chart; nothing but its graph is run. It is kept in models/ of ENLARGER_HOME.',
    )
    .usage('MODEL.onnx [options]')
    .argument(
      '<MODEL>',
      'an ONNX file, or a folder that "enlarger methods export" wrote; ' +
        "with --metric the metric's own file",
    )
    .option('--name <NAME>', "what it is called; its id is made from it (default: the file's name)")
    .option('--licence <TEXT>', 'the licence of its weights')
    .option('--source <TEXT>', 'where it comes from, such as an address')
    .option('--check', 'only say what was found; keep nothing')
    .option(
      '--metric <NAME>',
      "lpips or niqe: install that metric's file (lpips_alex.npz, niqe_pris_params.npz), which its authors publish",
    )
    .option('--json', 'a JSON object on standard output')
    .addHelpText(
      'after',
      `
Examples:
  enlarger import realistic-x4.onnx --name "Realistic" --licence MIT --source https://example.org/models
  enlarger import realistic-x4.onnx --check
  enlarger import --metric lpips lpips_alex.npz`,
    )
    .action(async (model: string, options: ImportOptions) => {
      const { importMethod } = await import('../commands/import');
      end(await importMethod(model, options));
    });
}
