import { answersCsv, opinionsCsv, opinionsLines } from '../../shared/blindTables';
import { newPhotoToken } from '../../shared/link/photoBook';
import { EXIT, type ExitStatus } from '../exitStatus';
import { readOneOf } from '../optionValues';
import { Terminal } from '../terminal';
import { withEngine } from '../withEngine';

export interface OpinionsOptions {
  readonly format?: string;
  readonly answers?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const FORMATS = ['text', 'csv', 'json'] as const;

/** Tells what blind comparisons found, of one photo or of all. */
export async function opinions(photo: string | undefined, options: OpinionsOptions): Promise<ExitStatus> {
  const asked = readOneOf('--format', options.format ?? (options.answers ? 'csv' : 'text'), FORMATS);
  const format = options.json ? 'json' : asked;
  const terminal = new Terminal({ quiet: options.quiet ?? false, json: format === 'json' });
  return withEngine(terminal, async (session) => {
    const which =
      photo === undefined
        ? {}
        : await session
            .call('photo:open', { photo: newPhotoToken(), path: photo, name: photo })
            .then(({ photo: token }) => ({ photo: token }));
    const tell = (lines: readonly string[]): void => lines.forEach((line) => terminal.machine(line));
    if (options.answers) {
      const given = await session.call('blind:answers', which);
      if (format === 'json') terminal.json(given);
      else tell(answersCsv(given));
      return EXIT.done;
    }
    const found = await session.call('blind:opinions', which);
    if (format === 'json') terminal.json(found);
    else if (format === 'csv') tell(opinionsCsv(found));
    else if (found.length === 0) {
      terminal.note(
        `No blind comparison ${photo === undefined ? '' : `of ${photo} `}has ended yet; the editor makes them: Measure, Blind comparison.`,
      );
    } else {
      for (const [k, one] of found.entries()) tell([...(k > 0 ? [''] : []), ...opinionsLines(one)]);
      terminal.note(
        "MOS: mean of scores from 1 to 5, with Student's t interval; chosen: the share of pairs won, a draw as half, with Wilson's; strength: Bradley and Terry's, a natural logarithm of odds with mean 0.",
      );
    }
    return EXIT.done;
  });
}
