import { doctorKind, type DoctorParts } from './doctor';
import { evaluateKind, type EvaluateParts } from './evaluate';
import type { JobKinds } from './kind';
import { metricsKind } from './metrics';
import { upscaleKind, type UpscaleParts } from './upscale/upscale';

export interface KindParts {
  readonly doctor: DoctorParts;
  readonly evaluate: EvaluateParts;
  readonly upscale: UpscaleParts;
}

/** Every kind of job there is; the compiler finds one missing. */
export const jobKindsOf = ({ doctor, evaluate, upscale }: KindParts): JobKinds => ({
  upscale: upscaleKind(upscale),
  evaluate: evaluateKind(evaluate),
  metrics: metricsKind(evaluate.files, evaluate.openLpips),
  doctor: doctorKind(doctor),
});
