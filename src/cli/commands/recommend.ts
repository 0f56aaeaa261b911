import { newPhotoToken } from '../../shared/link/photoBook';
import type { Recommendation } from '../../shared/contract';
import { protocolBorder, protocolWords } from '../../shared/protocols';
import { formatSeconds } from '../durations';
import { EXIT, type ExitStatus } from '../exitStatus';
import { listMethods } from '../methodChoice';
import { onceMore } from '../onceMore';
import { readDegradation, readDevice, readMethods, readPage, readScales, readWhole } from '../optionValues';
import { caveatsOf, whyOf } from '../recommendationWords';
import { layTable } from '../../shared/textTable';
import { Terminal } from '../terminal';
import { withEngine } from '../withEngine';

export interface RecommendOptions {
  readonly scale: string;
  readonly method?: string;
  readonly page?: string;
  readonly degradation: string;
  readonly seconds: string;
  readonly device: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** A row a method, best first. */
export function recommendationLines({ results, recommended }: Recommendation): string[] {
  const columns = ['', 'method', 'PSNR-Y', 'SSIM-Y', 'LPIPS', 'consistency', 's'].map(
    (title, k) => ({ title, align: k < 2 ? 'left' : 'right' }) as const,
  );
  const rows = results.map(({ method, psnrY, ssimY, lpips, consistency, seconds }) => [
    method === recommended ? '*' : '',
    method,
    psnrY.toFixed(2),
    ssimY.toFixed(4),
    lpips?.toFixed(4) ?? '-',
    consistency.toFixed(1),
    seconds.toFixed(2),
  ]);
  return layTable(columns, rows);
}

/** Hides parts of a photo, lets methods recover them, and says which is right for it. */
export async function recommend(photo: string, options: RecommendOptions): Promise<ExitStatus> {
  const [scale = 4] = readScales(options.scale).slice(0, 1);
  const ids = options.method === undefined ? undefined : readMethods(options.method);
  const degradation = readDegradation(options.degradation);
  const seconds = readWhole('--seconds', options.seconds, 1, 86_400);
  const device = readDevice(options.device);
  const page = options.page === undefined ? undefined : readPage(options.page);
  const terminal = new Terminal({ quiet: options.quiet ?? false, json: options.json ?? false });
  return withEngine(terminal, async (session) => {
    const cards = await listMethods(session, ids ?? []);
    const methods = ids && { methods: ids.map((id) => ({ id })) };
    const test = async (): Promise<Recommendation> => {
      const { photo: token } = await session.call('photo:open', {
        photo: newPhotoToken(),
        path: photo,
        name: photo,
        ...(page === undefined ? {} : { page }),
      });
      const order = { photo: token, scale, degradation, seconds, device, ...methods };
      return session.job('recommend', order, (event) => terminal.progress({ name: photo }, event));
    };
    const found = await onceMore(test, () =>
      terminal.note('The engine stopped unexpectedly and was started again; the test begins once more.'),
    );
    const why = whyOf(found, cards);
    const { results, failures, recommended, protocol, parts, condition } = found;
    terminal.json({
      photo,
      ...(page === undefined ? {} : { page }),
      scale,
      protocol,
      recommended,
      why,
      results,
      degradation,
      parts,
      condition,
      failures,
    });
    const [titles = '', ...lines] = recommendationLines(found);
    terminal.result(terminal.styled('bold', titles));
    for (const line of lines) terminal.result(line);
    terminal.result(why);
    for (const caveat of caveatsOf(found)) terminal.result(caveat);
    const spent = formatSeconds(results.reduce((sum, one) => sum + one.seconds, 0));
    const places = parts.map(({ x, y, width, height }) => `${x},${y},${width},${height}`).join(' ');
    terminal.note(
      `Of the photo's most detailed parts (${places}), reduced by MATLAB's bicubic; ${protocolWords(protocol, protocolBorder(protocol, scale))}; ${spent} of enlarging.`,
    );
    for (const { method, error } of failures) terminal.problem(`${method}: ${error}`);
    return failures.length > 0 ? EXIT.failed : EXIT.done;
  });
}
