import type { Figures } from '../../../shared/contract';
import { protocolBorder } from '../../../shared/protocols';
import { measure, measureLuma } from '../../kernels/metrics';
import { consistency } from '../../kernels/metrics/consistency';
import { IDENTICAL_DB } from '../../kernels/metrics/psnr';
import type { Raster } from '../../kernels/raster';
import type { Lpips } from '../../metrics/lpips';
import type { LastingJob } from '../job';
import type { StoredEvaluation } from './marks';

/** The figures of a result by a protocol. */
export async function figuresOf(
  { original, input, result }: { original: Raster; input: Raster; result: Raster },
  { protocol, scale }: { protocol: StoredEvaluation['protocol']; scale: number },
  job: Pick<LastingJob, 'signal' | 'turn'>,
  lpips: Lpips | undefined,
): Promise<Figures> {
  const border = protocolBorder(protocol, scale);
  const ofColours = protocol === 'rgb' ? measure(original, result, { border, protocol }) : undefined;
  const found = ofColours ?? measureLuma(original, result, { border });
  const distance = (await lpips?.distance(original, result, border, job)) ?? null;
  return {
    psnrY: found.psnrY ?? IDENTICAL_DB,
    ssimY: found.ssimY,
    ...(ofColours && { psnrRgb: ofColours.psnrRgb ?? IDENTICAL_DB }),
    ...(ofColours?.ssimRgb !== undefined && { ssimRgb: ofColours.ssimRgb }),
    lpips: distance,
    consistency: consistency(input, result) ?? IDENTICAL_DB,
  };
}
