import * as v from 'valibot';
import { evaluationFailureSchema, measuredMethodSchema, type Evaluation } from './contract/measuring';
import { FaultError } from './faults';
import { protocolSchema } from './protocols';

const shared = {
  dataset: v.string(),
  protocol: protocolSchema,
  failures: v.optional(v.array(evaluationFailureSchema), []),
  unread: v.optional(v.array(v.string())),
};
const results = v.array(measuredMethodSchema);

/** The two forms of the file: of one scale, as it has been from the first, and of several. */
const evaluationFileSchema = v.union([
  v.object({ ...shared, scales: v.array(v.object({ scale: v.number(), results })) }),
  v.object({ ...shared, scale: v.number(), results }),
]);

/** What scripts read: of one scale, in the form that it has had from the first; of several, a list of them. */
export function evaluationJson({ dataset, protocol, scales, failures, unread }: Evaluation): unknown {
  const more = { ...(failures.length > 0 && { failures }), ...(unread && { unread }) };
  const [only] = scales;
  return scales.length === 1
    ? { dataset, scale: only!.scale, protocol, results: only!.results, ...more }
    : { dataset, protocol, scales, ...more };
}

/**
 * The evaluation that was written as JSON, by "enlarger evaluate --json" or by the editor's benchmark. Throws
 * `bad-option`; `name`: of the file, for its sentence.
 */
export function readEvaluationJson(text: string, name: string): Evaluation {
  try {
    const read = v.parse(evaluationFileSchema, JSON.parse(text));
    if ('scales' in read) return read;
    const { scale, results: ofScale, ...rest } = read;
    return { ...rest, scales: [{ scale, results: ofScale }] };
  } catch (error) {
    throw new FaultError(
      'bad-option',
      `Expected an evaluation in ${name}, as "enlarger evaluate --json" or a benchmark saved as JSON has it, but it says something else.`,
      { file: name, detail: error instanceof Error ? error.message : String(error) },
    );
  }
}
