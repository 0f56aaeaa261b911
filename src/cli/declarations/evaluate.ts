import type { Command } from 'commander';
import type { EvaluateOptions } from '../commands/evaluate';
import { withControls, type End } from './declaration';

export function addEvaluate(program: Command, end: End): void {
  const command = program
    .command('evaluate')
    .summary('measure methods on a folder of originals')
    .description(
      "Measures methods on a folder of originals, as the papers do: each is cropped to a multiple of the scale, reduced with MATLAB's bicubic, enlarged again and compared: means with standard deviations, seconds, and the most memory that the engine held. LPIPS is measured too where it is installed (see enlarger metrics --help).",
    )
    .option('--dataset <DIR>', 'folder of originals')
    .option('--scale <N,...>', 'scales above 1 and up to 30, separated by commas: 2,3,4 or 2.5 or 6..30')
    .option('--method <ID,...>', 'methods to measure, separated by commas')
    .option(
      '--protocol <NAME>',
      "y: PSNR of luma without a border of scale pixels (the benchmark sets'); rgb: of all colours without scale + 6 (DIV2K's)",
      'y',
    )
    .option('--device <NAME>', 'auto, cpu, webgpu, cuda, dml or coreml', 'auto')
    .option('--ensemble', 'mean over the 8 flips and rotations')
    .option('--cascade', 'beyond the largest scale of a network: pass after pass')
    .option('--consistent', 'projected, so that reducing each result again gives its input');
  withControls(command)
    .option('--format <NAME>', 'text, markdown, csv, json or latex (default: text)')
    .option('--plot <FILE.svg>', 'also draw the methods by PSNR and LPIPS, where LPIPS is installed')
    .option('--verbose', 'the figures of every image, too (csv and json always have them)')
    .option('--json', 'the same as --format json')
    .option('-q, --quiet', 'no progress and no notes')
    .addHelpText(
      'after',
      `
Examples:
  enlarger evaluate --dataset Set5 --scale 4 --method bicubic,fsrcnn
  enlarger evaluate --dataset photos --scale 2 --method espcn --protocol rgb --json
  enlarger evaluate --dataset Set14 --scale 4 --method cs,fcs --crispness 0.5
  enlarger evaluate --dataset Set5 --scale 2.5,6..12 --method lanczos-consistent --verbose
  enlarger evaluate --dataset Set5 --scale 2,3,4 --method bicubic,edsr --format latex > table.tex

A picture that cannot be measured is named, the rest is measured, and the status is 1. A measurement that was broken
off goes on with enlarger jobs --resume.`,
    )
    .action(async (options: EvaluateOptions) => {
      const { evaluate } = await import('../commands/evaluate');
      end(await evaluate(options));
    });
}
