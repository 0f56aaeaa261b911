import type { Metrics } from '../../shared/contract';
import { protocolBorder, type Protocol } from '../../shared/protocols';
import { EXIT, type ExitStatus } from '../exitStatus';
import { readPage, readProtocol, readScale } from '../optionValues';
import { layTable } from '../../shared/textTable';
import { Terminal } from '../terminal';
import { withEngine } from '../withEngine';

const decibels = (value: number | null): string =>
  value === null ? 'identical (infinite)' : `${value.toFixed(2)} dB`;

/** Why there is no LPIPS, for both commands that measure it. */
export const NO_LPIPS =
  'LPIPS was not measured: its network is not installed ("enlarger import --metric lpips lpips_alex.npz" does it), or a picture is under 31 pixels.';

/** What each figure is of, beside it. */
function protocolsOf({ border, protocol }: Metrics): { luma: string; colours: string; net: string } {
  const cut = border === 0 ? 'no border cut' : `border of ${border} cut`;
  return {
    luma: `BT.601 luma (16 to 235; grey as it is), 8 bits, ${cut}`,
    colours: `all colours, ${protocol === 'rgb' ? 'not rounded' : '8 bits'}, ${cut}`,
    net: `8 bits, ${cut}`,
  };
}

const signed = (value: number): string => `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(2)}`;

export function metricLines(metrics: Metrics): string[] {
  const { psnrY, ssimY, psnrRgb, ssimRgb, msSsimY, lpips, niqe, difference } = metrics;
  const of = protocolsOf(metrics);
  return layTable(
    [
      { title: 'metric', align: 'left' },
      { title: 'value', align: 'left' },
      { title: 'of', align: 'left' },
    ],
    [
      ['PSNR-Y', decibels(psnrY), of.luma],
      ['SSIM-Y', ssimY.toFixed(4), `${of.luma}, Gaussian window of 11, sigma 1.5`],
      ['MS-SSIM-Y', msSsimY?.toFixed(4) ?? 'under 176 pixels', `${of.luma}, five scales`],
      ['PSNR-RGB', decibels(psnrRgb), of.colours],
      ...(ssimRgb === undefined ? [] : [['SSIM-RGB', ssimRgb.toFixed(4), of.colours]]),
      ['LPIPS', lpips?.toFixed(4) ?? 'not measured', `v0.1, AlexNet, values in -1 to 1, ${of.net}`],
      ['NIQE', niqe?.toFixed(3) ?? 'not measured', `the result alone, luma, blocks of 96, ${of.net}`],
      [
        'difference',
        `${signed(difference.mean)} mean, ${difference.meanAbsolute.toFixed(2)} absolute, ${difference.percentile99} at 99 %, ${difference.largest} at most`,
        `steps of 8 bits, ${(100 * difference.changed).toFixed(1)} % of values, ${of.net}`,
      ],
    ],
  ).slice(1);
}

/** What lies beside each other dominates every figure: said where it is so. */
export function shiftSentence({ shift }: Metrics): string | undefined {
  if (shift === null) return undefined;
  const along = (by: number, more: string, less: string): string[] =>
    Math.abs(by) < 0.05 ? [] : [`${Math.abs(by).toFixed(2)} pixels ${by > 0 ? more : less}`];
  const places = [...along(shift.x, 'right of', 'left of'), ...along(shift.y, 'below', 'above')];
  return `The result lies ${places.join(' and ')} its reference: that alone makes every figure worse. Half a pixel comes of another convention of pixel centres, a whole one of cropping; align them first.`;
}

export interface MetricsOptions {
  readonly scale?: string;
  readonly protocol: string;
  readonly page?: string;
  readonly json?: boolean;
}

/** Compares two pictures; `--scale N` leaves out the border of the protocol at that scale, as the papers do. */
export async function metrics(
  reference: string,
  result: string,
  options: MetricsOptions,
): Promise<ExitStatus> {
  const protocol: Protocol = readProtocol(options.protocol);
  const border = options.scale === undefined ? 0 : protocolBorder(protocol, readScale(options.scale));
  const page = options.page === undefined ? {} : { page: readPage(options.page) };
  const terminal = new Terminal({ quiet: false, json: options.json ?? false });
  return withEngine(terminal, async (session) => {
    const measured = await session.job('metrics', { reference, result, border, protocol, ...page }, (event) =>
      terminal.progress({ name: result }, event),
    );
    // The first six are promised to scripts in this order.
    const { psnrY, ssimY, psnrRgb, msSsimY, border: cut, lpips, ...more } = measured;
    terminal.json({ psnrY, ssimY, psnrRgb, msSsimY, border: cut, lpips, ...more });
    for (const line of metricLines(measured)) terminal.result(line);
    const shifted = shiftSentence(measured);
    if (shifted !== undefined) terminal.note(shifted);
    if (lpips === null) terminal.note(NO_LPIPS);
    return EXIT.done;
  });
}
