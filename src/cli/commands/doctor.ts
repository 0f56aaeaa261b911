import type { Diagnosis } from '../../shared/contract';
import { EXIT, type ExitStatus } from '../exitStatus';
import { layTable, type Column } from '../../shared/textTable';
import { Terminal, type Style } from '../terminal';
import { withEngine } from '../withEngine';

const PLAIN: readonly Column[] = [
  { title: '', align: 'left' },
  { title: '', align: 'left' },
  { title: '', align: 'left' },
];
const lay = (rows: readonly (readonly string[])[]): string[] =>
  rows.length === 0 ? [] : layTable(PLAIN, rows).slice(1);

/** Broken: a model that fails its self-check, no processor to run on, or reports to somebody. What is merely absent is not. */
export const isBroken = ({ models, devices, reporting }: Diagnosis): boolean =>
  !reporting.off ||
  models.some(({ ok }) => !ok) ||
  devices.some(({ device, found }) => device === 'cpu' && !found);

type Paint = (style: Style, text: string) => string;

export function diagnosisLines(found: Diagnosis, paint: Paint): string[] {
  const title = (text: string): string[] => ['', paint('bold', text)];
  const models = found.models.map(({ id, ok, device, says }) => [
    ok ? 'ok' : 'broken',
    device ? `${id} on ${device}` : id,
    says,
  ]);
  const mark = (line: string): string =>
    line.startsWith('ok')
      ? paint('green', 'ok') + line.slice(2)
      : line.replace(/^broken/, (word) => paint('red', word));
  return [
    ...lay([
      ['Enlarger', found.version, ''],
      ['Node', found.node, ''],
      ['processor', `${found.processor}, ${found.cores} cores`, ''],
      ['memory', `${found.memoryGiB.toFixed(1)} GiB`, ''],
      ['runtime', found.runtime, ''],
      ['codec', found.codec, ''],
      ['reads', found.formats.reads.join(', '), ''],
      ['writes', found.formats.writes.join(', '), ''],
      ['reporting', (found.reporting.off ? '' : paint('red', 'on: ')) + found.reporting.says, ''],
    ]),
    ...title('Devices'),
    ...lay(found.devices.map(({ device, found: here, says }) => [here ? 'found' : 'absent', device, says])),
    ...title('Models'),
    ...(models.length === 0 ? ['none'] : lay(models).map(mark)),
    ...title('Missing'),
    ...(found.missing.length === 0
      ? ['nothing']
      : found.missing.flatMap(({ what, mend }) => [what, `  to mend it: ${mend}`])),
  ];
}

/** Says what was found, what is missing and what mends it; status 1 when something is broken. */
export async function doctor(options: { readonly json?: boolean }): Promise<ExitStatus> {
  const terminal = new Terminal({ quiet: false, json: options.json ?? false });
  return withEngine(terminal, async (session) => {
    const diagnosis = await session.job('doctor', {}, (event) =>
      terminal.progress({ name: 'checking models' }, event),
    );
    terminal.json(diagnosis);
    for (const line of diagnosisLines(diagnosis, (style, text) => terminal.styled(style, text))) {
      terminal.result(line);
    }
    return isBroken(diagnosis) ? EXIT.failed : EXIT.done;
  });
}
