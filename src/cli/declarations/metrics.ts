import type { Command } from 'commander';
import type { MetricsOptions } from '../commands/metrics';
import { withPage, type End } from './declaration';

export function addMetrics(program: Command, end: End): void {
  const command = program
    .command('metrics')
    .summary('compare a result with its reference')
    .description(
      'Measures PSNR, SSIM, MS-SSIM, LPIPS, NIQE and how values differ, of a result against a reference of the same size, and says where one lies beside the other. LPIPS (v0.1, AlexNet) and NIQE need files of their authors, which are not part of Enlarger: "enlarger import --metric" installs them; without them they are null.',
    )
    .usage('REFERENCE RESULT [options]')
    .argument('<REFERENCE>', 'the original picture')
    .argument('<RESULT>', 'the picture to judge');
  withPage(command, '; of the reference')
    .option('--scale <N>', "leave out the protocol's border at this scale, as the papers do (default: none)")
    .option(
      '--protocol <NAME>',
      "y: 8 bits, a border of the scale (the benchmark sets'); rgb: colours not rounded, a border of the scale + 6 (DIV2K's)",
      'y',
    )
    .option('--json', 'a JSON object on standard output')
    .addHelpText(
      'after',
      `
Examples:
  enlarger metrics original.png enlarged.png --scale 4
  enlarger metrics original.png enlarged.tiff --scale 4 --protocol rgb --json`,
    )
    .action(async (reference: string, result: string, options: MetricsOptions) => {
      const { metrics } = await import('../commands/metrics');
      end(await metrics(reference, result, options));
    });
}
