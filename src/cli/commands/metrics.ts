import type { Metrics } from '../../shared/contract';
import { EXIT, type ExitStatus } from '../exitStatus';
import { readScale } from '../optionValues';
import { layTable } from '../table';
import { Terminal } from '../terminal';
import { withEngine } from '../withEngine';

const decibels = (value: number | null): string =>
  value === null ? 'identical pictures (infinite)' : `${value.toFixed(2)} dB`;

/** Why there is no LPIPS, for both commands that measure it. */
export const NO_LPIPS =
  'LPIPS was not measured: its network is not installed ("enlarger metrics --help" says how), or a picture is under 31 pixels.';

export function metricLines(metrics: Metrics): string[] {
  const { psnrY, ssimY, psnrRgb, msSsimY, border, lpips } = metrics;
  return layTable(
    [
      { title: 'metric', align: 'left' },
      { title: 'value', align: 'left' },
    ],
    [
      ['PSNR-Y', decibels(psnrY)],
      ['SSIM-Y', ssimY.toFixed(4)],
      ['PSNR-RGB', decibels(psnrRgb)],
      ['MS-SSIM-Y', msSsimY?.toFixed(4) ?? 'pictures too small for five scales'],
      ['LPIPS', lpips?.toFixed(4) ?? 'not measured'],
      ['border', `${border} pixels left out on each side`],
    ],
  ).slice(1);
}

/** Compares two pictures; `--scale N` leaves out a border of N pixels, as the papers do. */
export async function metrics(
  reference: string,
  result: string,
  options: { readonly scale?: string; readonly json?: boolean },
): Promise<ExitStatus> {
  const border = options.scale === undefined ? 0 : Math.ceil(readScale(options.scale));
  const terminal = new Terminal({ quiet: false, json: options.json ?? false });
  return withEngine(terminal, async (session) => {
    const measured = await session.job('metrics', { reference, result, border }, (event) =>
      terminal.progress({ name: result }, event),
    );
    const { psnrY, ssimY, psnrRgb, msSsimY, lpips } = measured;
    terminal.json({ psnrY, ssimY, psnrRgb, msSsimY, border: measured.border, lpips });
    for (const line of metricLines(measured)) terminal.result(line);
    if (lpips === null) terminal.note(NO_LPIPS);
    return EXIT.done;
  });
}
