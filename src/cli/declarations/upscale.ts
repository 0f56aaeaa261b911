import type { Command } from 'commander';
import { formatsThat, INPUT_FORMATS, isLossy, namesOf, OUTPUT_FORMATS } from '../../shared/formats';
import type { UpscaleOptions } from '../upscaleCall';
import { withControls, withPage, type End } from './declaration';

export function addUpscale(program: Command, end: End): void {
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
    .option('--region <X,Y,W,H>', 'only this part of the photo, in its pixels');
  withPage(command)
    .option('--format <NAME>', `${OUTPUT_FORMATS.join(', ')} (default: by the name of the output, else png)`)
    .option('--quality <N>', `1 to 100, for ${formatsThat(isLossy).join(', ')}`)
    .option(
      '--depth <BITS>',
      '8 or 16 bits a channel (default: as the photo, where the format can); 16 become 12 in avif',
    )
    .option(
      '--strip <PARTS>',
      'leave out: gps (where it was taken), exif, xmp, density, alpha (laid onto white), profile (converted to sRGB), ' +
        'gainmap (high dynamic range), separated by commas; all: every metadata; colour profile and gain map stay',
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
      const { upscale } = await import('../commands/upscale');
      end(await upscale(inputs, options));
    });
}
