import { Command } from 'commander';
import { version } from '../../package.json';
import { CONTROL_HELP, CONTROL_IDS } from '../shared/enlargement';
import { formatsThat, INPUT_FORMATS, isLossy, namesOf, OUTPUT_FORMATS } from '../shared/formats';
import type { JobsOptions } from './commands/jobs';
import type { CompareOptions } from './compareCall';
import type { EvaluateOptions } from './commands/evaluate';
import type { FinetuneOptions } from './finetuneCall';
import { LADDER_SCALES, SHEET_FORMATS, SHEET_LAYOUTS, SHEET_THEMES, SHEET_WIDTH } from '../shared/sheet';
import type { ImportOptions } from './commands/import';
import type { MetricsOptions } from './commands/metrics';
import type { OpinionsOptions } from './commands/opinions';
import type { RecommendOptions } from './commands/recommend';
import type { UpscaleOptions } from './upscaleCall';

/**
 * The commands, their options and their help. Values stay text here and each command's own code is loaded
 * only when it runs, so that help, version and wrong calls answer at once.
 * `end` is told the exit status of the command that ran.
 */
export function buildProgram(end: (status: number) => void): Command {
  const program = new Command('enlarger')
    .description('Enlarges photographs on this machine, by the methods of the super-resolution literature.')
    .version(version, '--version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .addHelpText(
      'after',
      `
Exit status: 0 all done, 1 some input failed, 2 a wrong call, 130 interrupted.

Examples:
  enlarger upscale photo.jpg -o large.png
  enlarger methods
  enlarger upscale --help`,
    );
  addUpscale(program, end);
  addMethods(program, end);
  addMetrics(program, end);
  addEvaluate(program, end);
  addCompare(program, end);
  addRecommend(program, end);
  addOpinions(program, end);
  addJobs(program, end);
  addFinetune(program, end);
  addImport(program, end);
  addServe(program, end);
  addDoctor(program, end);
  return program;
}

type End = (status: number) => void;

/** What can be turned in some methods; `enlarger methods` says in which. */
function withControls(command: Command): Command {
  for (const id of CONTROL_IDS) command.option(`--${id} <N>`, CONTROL_HELP[id]);
  return command;
}

function addUpscale(program: Command, end: End): void {
  const command = program
    .command('upscale')
    .summary('enlarge photos')
    .description(
      `Enlarges photos: ${namesOf(INPUT_FORMATS, 'or')} in, ${namesOf(OUTPUT_FORMATS, 'or')} out. Colour profile, EXIF, alpha and bit depth are kept where the format can.`,
    )
    .usage('INPUT... -o FILE|DIR [options]')
    .argument('<INPUT...>', 'photos, folders (with all below them) or patterns such as "photos/**/*.jpg"')
    .option('-o, --output <FILE|DIR>', 'where the result goes; a folder for several photos (made if needed)')
    .option('--method <ID>', 'a method from "enlarger methods"', 'enlarger')
    .option('--scale <N>', 'enlarge N times, a number from 1 to 30 (default: 4)')
    .option('--width <PX>', 'make the result PX pixels wide')
    .option('--height <PX>', 'make the result PX pixels high')
    .option('--print <SIZE>', 'long side at a density, such as 30cm@300dpi (mm, cm, in; dpi, dpcm)')
    .option('--region <X,Y,W,H>', 'only this part of the photo, in its pixels')
    .option(
      '--page <N>',
      'this page of a TIFF, or frame of a GIF or WebP (default: the first); of camera raw "embedded" is the JPEG that the camera made itself',
    )
    .option('--format <NAME>', `${OUTPUT_FORMATS.join(', ')} (default: by the name of the output, else png)`)
    .option('--quality <N>', `1 to 100, for ${formatsThat(isLossy).join(', ')}`)
    .option(
      '--depth <BITS>',
      '8 or 16 bits a channel (default: as the photo, where the format can); 16 become 12 in avif',
    )
    .option(
      '--strip <PARTS>',
      'leave out: gps (where it was taken), exif, xmp, density, alpha (laid onto white), profile (converted to sRGB), ' +
        'separated by commas; all: every metadata, the colour profile stays',
    )
    .option('--keep-date', "give the result the photo's modification time")
    .option('--no-provenance', 'do not write version, method and scale into the result (XMP)')
    .option('--device <NAME>', 'auto, cpu, webgpu, cuda, dml or coreml', 'auto')
    .option('--ensemble', 'mean over the 8 flips and rotations: a little better, eight times the work')
    .option(
      '--cascade',
      'beyond the largest scale of a network: pass after pass instead of the bicubic after one (4 to 30 times the work for less than 0.1 dB)',
    )
    .option(
      '--consistent',
      'reducing the result again gives the photo: for what a bicubic reduced, not for camera noise or JPEG',
    );
  withControls(command)
    .option(
      '--invented <map.png>',
      'also a grey map of what the photo does not determine, 8 times its strength',
    )
    .option(
      '--name <PATTERN>',
      'names of results in a folder, of {name}, {page}, {method}, {scale}, {width}, {height}, {region} (default: "{name}-{method}-x{scale}")',
    )
    .option('--skip-existing', 'leave results that exist as they are; what was broken off goes on')
    .option('--watch', 'then wait for photos that come into the folder, until Ctrl-C')
    .option('--shard <I/N>', 'only the I-th of N parts of the photos: for several machines')
    .option('--overwrite', 'replace results that exist')
    .option('--json', 'one JSON line a photo on standard output')
    .option('-q, --quiet', 'errors only')
    .addHelpText(
      'after',
      `
A folder is taken with all below it, and its tree is kept in the output. Of photos that differ in their ending
alone (a.jpg, a.png) each result is named after the whole name. A photo that fails does not stop the others; Ctrl-C
stops at the next tile and leaves no half-written file.

Examples:
  enlarger upscale photo.jpg -o large.png
  enlarger upscale photo.jpg -o poster.tiff --method espcn --print 60cm@200dpi
  enlarger upscale photo.jpg -o eye.png --region 812,420,256,256 --scale 6.5
  enlarger upscale scan.tif -o page2.tif --page 2
  enlarger upscale photo.jpg -o crisp.png --method cs --crispness 0.7
  enlarger upscale photo.jpg -o large.png --method edsr --ensemble --consistent
  enlarger upscale *.jpg -o large/ --width 3840 --format jpeg --quality 92
  enlarger upscale photos -o large --skip-existing --name "{name}-{width}x{height}"
  enlarger upscale photos -o large --shard 3/10
  enlarger upscale incoming -o large --watch
  enlarger upscale -o large/ -- -odd-name.jpg`,
    )
    .action(async (inputs: string[], options: UpscaleOptions) => {
      const { upscale } = await import('./commands/upscale');
      end(await upscale(inputs, options));
    });
}

function addMethods(program: Command, end: End): void {
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
      const { methods } = await import('./commands/methods');
      end(await methods(options));
    });
  command
    .command('rename')
    .summary('call a model of your own something else; its id stays')
    .argument('<ID>', 'the id of a model of your own')
    .argument('<NAME>', 'its new name')
    .action(async (id: string, name: string) => {
      const { renameMethod } = await import('./commands/ownMethods');
      end(await renameMethod(id, name));
    });
  command
    .command('remove')
    .summary('remove a model of your own, from the disk too')
    .argument('<ID>', 'the id of a model of your own')
    .action(async (id: string) => {
      const { removeMethod } = await import('./commands/ownMethods');
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
      const { exportMethod } = await import('./commands/ownMethods');
      end(await exportMethod(id, options.output));
    });
}

function addMetrics(program: Command, end: End): void {
  program
    .command('metrics')
    .summary('compare a result with its reference')
    .description(
      'Measures PSNR, SSIM, MS-SSIM, LPIPS, NIQE and how values differ, of a result against a reference of the same size, and says where one lies beside the other. LPIPS (v0.1, AlexNet) and NIQE need files of their authors, which are not part of Enlarger: "enlarger import --metric" installs them; without them they are null.',
    )
    .usage('REFERENCE RESULT [options]')
    .argument('<REFERENCE>', 'the original picture')
    .argument('<RESULT>', 'the picture to judge')
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
      const { metrics } = await import('./commands/metrics');
      end(await metrics(reference, result, options));
    });
}

function addEvaluate(program: Command, end: End): void {
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
      const { evaluate } = await import('./commands/evaluate');
      end(await evaluate(options));
    });
}

/** Takes an option more than once. */
const collected = (value: string, before: readonly string[] = []): string[] => [...before, value];

function addCompare(program: Command, end: End): void {
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
    )
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
      'what blind comparisons of the editor found: rate (mean opinion scores) or pairs (shares of pairs won)',
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
  enlarger compare --from sheet.png -o again.png`,
    )
    .action(async (inputs: string[], options: CompareOptions) => {
      const { compare } = await import('./commands/compare');
      end(await compare(inputs, options));
    });
}

function addRecommend(program: Command, end: End): void {
  program
    .command('recommend')
    .summary('find the method that is right for a photo')
    .description(
      "Hides and recovers: the photo's most detailed parts are reduced, every method enlarges them again, and what the photo knows says which is right for it. It also says when that does not carry over: for a photo that is blurred, noisy or has JPEG blocks.",
    )
    .usage('PHOTO [options]')
    .argument('<PHOTO>', 'a photo')
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
      const { recommend } = await import('./commands/recommend');
      end(await recommend(photo, options));
    });
}

function addOpinions(program: Command, end: End): void {
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
      const { opinions } = await import('./commands/opinions');
      end(await opinions(photo, options));
    });
}

function addJobs(program: Command, end: End): void {
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
      const { jobs } = await import('./commands/jobs');
      end(await jobs(options));
    });
}

function addFinetune(program: Command, end: End): void {
  program
    .command('finetune')
    .summary('let a method learn from your photos')
    .description(
      'Lets a method go on learning from your own photos, on this machine, and keeps the result as a method of its own where it is better on photos that it did not see: one in five is kept aside, at least one, so two photos or more are needed. The method itself stays as it is.',
    )
    .usage('PHOTO... --method ID --name NAME [options]')
    .argument('[PHOTO...]', 'photos of one kind: one camera, one subject')
    .option('--method <ID>', 'the method that is to learn, such as fsrcnn, espcn, edsr or enlarger-fast')
    .option('--name <NAME>', 'what the personal model is called; its id is made from it')
    .option(
      '--scale <N>',
      "the scale that it learns (default: the method's smallest; x2, x3 and x4 where it makes any)",
    )
    .option('--minutes <N>', 'how long it may learn (default: 10)')
    .option('--steps <N>', 'in place of --minutes: so many steps, which makes it repeatable')
    .option(
      '--loss <NAME>',
      'l1, l2, charbonnier, ssim or frequency; cross-entropy of cs and fcs (default: what the method was trained with)',
    )
    .option('--last-layers <N>', 'only the last N layers learn (default: all)')
    .option('--low-rank <N>', 'additions of rank N learn in place of the weights')
    .option(
      '--rate <N>',
      'the highest learning rate (default: 0.0001); lowered by itself where it is too high',
    )
    .option('--blur <N>', 'photos to enlarge are blurred beside being small: standard deviation in pixels')
    .option('--noise <N>', 'they are noisy: standard deviation in 8-bit steps, or "photo": as each photo is')
    .option('--jpeg <N>', 'they are JPEGs of that quality, or "photo": of the quality that each photo has')
    .option('--keep', 'keep it even where it is not better')
    .option('--resume', 'go on with the training of that name that was broken off')
    .option('--json', 'a JSON object on standard output')
    .option('-q, --quiet', 'no progress and no notes')
    .addHelpText(
      'after',
      `
Ctrl-C stops after the step at hand and keeps what is better; a second one ends at once, and --resume goes on
from the last checkpoint.

Examples:
  enlarger finetune dog/*.jpg --method fsrcnn --name "My dog" --minutes 5
  enlarger finetune *.jpg --method edsr --name "My camera" --noise photo --minutes 60
  enlarger finetune --name "My camera" --resume`,
    )
    .action(async (photos: string[], options: FinetuneOptions) => {
      const { finetune } = await import('./commands/finetune');
      end(await finetune(photos, options));
    });
}

function addImport(program: Command, end: End): void {
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
      const { importMethod } = await import('./commands/import');
      end(await importMethod(model, options));
    });
}

function addServe(program: Command, end: End): void {
  program
    .command('serve')
    .summary('open the editor in a browser')
    .description('Serves the editor to a browser on this machine (127.0.0.1 only, with a one-time address).')
    .option('--port <N>', 'port to listen on (default: a free one)')
    .option('--no-open', 'only print the address')
    .addHelpText('after', '\nExamples:\n  enlarger serve\n  enlarger serve --port 8080 --no-open')
    .action(async (options: { port?: string; open: boolean }) => {
      const { serve } = await import('./commands/serve');
      end(await serve(options));
    });
}

function addDoctor(program: Command, end: End): void {
  program
    .command('doctor')
    .summary('say what works here, and what mends what does not')
    .description(
      'Checks this machine: processor, devices, runtime and every model, and what would mend them.',
    )
    .option('--json', 'a JSON object on standard output')
    .addHelpText('after', '\nExamples:\n  enlarger doctor')
    .action(async (options: { json?: boolean }) => {
      const { doctor } = await import('./commands/doctor');
      end(await doctor(options));
    });
}
