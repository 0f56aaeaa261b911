import type { FilePhoto } from '../codec/read/open';
import { blindKind, type BlindParts } from './blind/blind';
import { doctorKind, type DoctorParts } from './doctor';
import { evaluateKind, type EvaluateParts } from './evaluate/evaluate';
import { finetuneKind, type FinetuneParts } from './finetune/finetune';
import { importKind, type ImportKindParts } from './import';
import type { JobKinds } from './kind';
import { metricsKind, type MetricsParts } from './metrics';
import { recommendKind, type RecommendParts } from './recommend/recommend';
import type { UpscaleParts } from './upscale/parts';
import { upscaleKind } from './upscale/upscale';
import { sheetKind, type SheetKindParts } from './sheet/sheet';

export interface KindParts {
  readonly blind: BlindParts;
  readonly doctor: DoctorParts;
  readonly evaluate: EvaluateParts;
  readonly import: ImportKindParts;
  readonly metrics: MetricsParts;
  readonly finetune: FinetuneParts;
  readonly sheet: SheetKindParts;
  readonly recommend: RecommendParts<FilePhoto>;
  readonly upscale: UpscaleParts;
}

/** Every kind of job there is; the compiler finds one missing. */
export const jobKindsOf = (parts: KindParts): JobKinds => ({
  upscale: upscaleKind(parts.upscale),
  evaluate: evaluateKind(parts.evaluate),
  metrics: metricsKind(parts.metrics),
  recommend: recommendKind(parts.recommend),
  blind: blindKind(parts.blind),
  doctor: doctorKind(parts.doctor),
  import: importKind(parts.import),
  finetune: finetuneKind(parts.finetune),
  sheet: sheetKind(parts.sheet),
});
