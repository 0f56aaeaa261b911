import { Command } from 'commander';
import { version } from '../../package.json';
import { addCompare } from './declarations/compare';
import { addDoctor } from './declarations/doctor';
import { addEvaluate } from './declarations/evaluate';
import { addFinetune } from './declarations/finetune';
import { addImport } from './declarations/import';
import { addJobs } from './declarations/jobs';
import { addMethods } from './declarations/methods';
import { addMetrics } from './declarations/metrics';
import { addOpinions } from './declarations/opinions';
import { addRecommend } from './declarations/recommend';
import { addServe } from './declarations/serve';
import { addUpscale } from './declarations/upscale';
import type { End } from './declarations/declaration';

/**
 * The commands, each declared in its own file of `declarations`: its options and its help. Values stay text there and
 * a command's own code is loaded only when it runs, so that help, version and wrong calls answer at once.
 * `end` is told the exit status of the command that ran.
 */
export function buildProgram(end: End): Command {
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
