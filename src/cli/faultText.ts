import type { Fault } from '../shared/faults';

/** The fault's own sentence, with the file's name in front where the sentence lacks it. */
export function faultSentence(fault: Fault, file: string | undefined = fault.file): string {
  return file === undefined || fault.message.includes(file) ? fault.message : `${file}: ${fault.message}`;
}

/** What stands behind the sentence; shown only for faults that are the program's own. */
export function faultDetail(fault: Fault): string | undefined {
  return fault.code === 'internal' || fault.code === 'engine-lost' || fault.code === 'bad-message'
    ? fault.detail
    : undefined;
}
