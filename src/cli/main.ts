import { CommanderError } from 'commander';
import { EXIT, statusOf, WrongCall } from './exitStatus';
import { faultDetail, faultSentence } from './faultText';
import { buildProgram } from './program';
import { tellProblem } from './terminal';
import { faultOf } from '../shared/faults';

/** commander's complaint as one sentence that ends with where to read on. */
function sentenceOf(error: CommanderError, command: string): string {
  const text = error.message
    .replace(/^error: /, '')
    .replace(/'/g, '')
    .replace('. Expected', ': expected')
    .replace(/\s*\n\s*/g, ' ');
  const sentence = text.charAt(0).toUpperCase() + text.slice(1).replace(/\.$/, '');
  return `${sentence}; see ${command} --help.`;
}

/** A reader that has heard enough (`enlarger methods | head`) is no failure: the writing just ends. */
function leaveWithTheReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      process.exit(EXIT.done);
    });
  }
}

/** Runs the command line `argv` (as `process.argv`) and gives the process's exit status; never rejects. */
export async function main(argv: readonly string[]): Promise<number> {
  leaveWithTheReader();
  let status: number = EXIT.done;
  const program = buildProgram((ended) => {
    status = ended;
  });
  try {
    await program.parseAsync(argv);
    return status;
  } catch (thrown) {
    if (thrown instanceof WrongCall) {
      tellProblem(thrown.message);
      return EXIT.wrongCall;
    }
    if (thrown instanceof CommanderError) {
      if (thrown.exitCode === 0) return EXIT.done;
      const named = program.commands.find((command) => command.name() === argv[2]);
      // Without any command commander has printed the help already.
      if (thrown.code !== 'commander.help')
        tellProblem(sentenceOf(thrown, named ? `enlarger ${named.name()}` : 'enlarger'));
      return EXIT.wrongCall;
    }
    const fault = faultOf(thrown);
    if (fault.code === 'stopped') process.stderr.write(`${fault.message}\n`);
    else tellProblem(faultSentence(fault), faultDetail(fault));
    return statusOf(fault.code);
  }
}
