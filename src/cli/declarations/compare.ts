import type { Command } from 'commander';
import { LADDER_SCALES, SHEET_FORMATS, SHEET_LAYOUTS, SHEET_THEMES, SHEET_WIDTH } from '../../shared/sheet';
import type { CompareOptions } from '../compareCall';
import { collected, withControls, withPages, type End } from './declaration';

export function addCompare(program: Command, end: End): void {
  const command = program
    .command('compare')
    .summary('make a sheet: a figure of methods beside each other')
    .description(
      'Makes a sheet: crops of a photo as each method enlarges them, with figures and a caption by which anybody can repeat it. What made a sheet is kept in its file.',
    )
    .usage('INPUT... -o SHEET --method ID,ID,... [options]')
    .argument('[INPUT...]', 'the photo; several make a grid of photos by methods')
    .option('-o, --output <SHEET>', `the sheet: ${SHEET_FORMATS.map((format) => `.${format}`).join(', ')}`)
    .option(
      '--method <ID[:SETTING...],...>',
      'methods in their order on the sheet, each with settings of its own: bicubic,edsr:ensemble,cs:crispness=0.4',
    )
    .option(
      '--scale <N>',
      `a number from 1 to 30; for a ladder several, separated by commas (default: 4; ladder: ${LADDER_SCALES.join(',')})`,
    )
    .option(
      '--region <X,Y,W,H>',
      'a crop in pixels of the photo; may be given several times (default: proposed)',
      collected,
    );
  withPages(command)
    .option('--label <TEXT>', "a method's name on the sheet; several in the order of the methods", collected)
    .option('--crops <N>', 'how many crops are proposed of a photo, where the methods differ most')
    .option('--reference <HR>', 'measure against this picture of the size of the result', collected)
    .option('--hide', 'reduce the photo first, and measure how well each method recovers it')
    .option('--layout <NAME>', `${SHEET_LAYOUTS.join(', ')} (default: paper; grid for several photos)`)
    .option('--from <SHEET>', 'make a sheet again as its file says, from the same photos')
    .option('--title <TEXT>', 'above the sheet')
    .option('--caption <TEXT>', 'below the sheet, before the protocol')
    .option('--theme <NAME>', SHEET_THEMES.join(', '))
    .option('--width <SIZE>', `in print, such as 17cm, 85mm or 3.5in (default: ${SHEET_WIDTH}cm)`)
    .option('--crop-zoom <N>', "dots of each pixel's side at 300 dots an inch (default: as many as fit)")
    .option('--error-map', 'under each crop how far it is from the truth')
    .option('--scale-bar', 'a bar of so many pixels of the photo')
    .option('--no-figures', 'no figures')
    .option(
      '--opinions <KIND>',
      'what blind comparisons of the editor found: rate (mean opinion scores) or pairs (shares of pairs won, and strengths)',
    )
    .option(
      '--tradeoff <EVALUATION.json>',
      'a plot of methods by PSNR and LPIPS below the crops, from what enlarger evaluate --json wrote',
    )
    .option('--device <NAME>', 'auto, cpu, webgpu, cuda, dml or coreml (default: auto)')
    .option('--ensemble', 'mean over the 8 flips and rotations')
    .option('--cascade', 'beyond the largest scale of a network: pass after pass')
    .option('--consistent', 'projected, so that reducing each result again gives its input');
  withControls(command)
    .option('--overwrite', 'replace a sheet that exists')
    .option('--json', 'a JSON object with all figures on standard output')
    .option('-q, --quiet', 'errors only')
    .addHelpText(
      'after',
      `
Examples:
  enlarger compare photo.jpg -o sheet.png --method bicubic,edsr,liif --scale 4 --hide
  enlarger compare photo.jpg -o sheet.pdf --method bicubic,edsr --region 120,80,64,64 --region 300,40,64,64
  enlarger compare photo.jpg -o ladder.svg --method bicubic,liif --layout ladder --scale 2,4,8,16,30
  enlarger compare a.jpg b.jpg c.jpg -o grid.html --method bicubic,fsrcnn,edsr --hide
  enlarger compare photo.jpg -o sheet.pdf --method bicubic,srgan --hide --tradeoff set14.json
  enlarger compare --from sheet.png -o again.png`,
    )
    .action(async (inputs: string[], options: CompareOptions) => {
      const { compare } = await import('../commands/compare');
      end(await compare(inputs, options));
    });
}
