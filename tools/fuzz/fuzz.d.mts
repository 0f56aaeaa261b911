export function fuzz(given: {
  readonly count: number;
  readonly seed: number;
  readonly entry?: string;
  readonly onCase?: (done: number) => void;
}): Promise<{
  readonly files: number;
  readonly messages: number;
  readonly models: number;
  readonly done: number;
  readonly failures: readonly string[];
  readonly seconds: number;
}>;
