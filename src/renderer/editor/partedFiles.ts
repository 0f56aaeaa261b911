const MODEL = /\.onnx$/i;

/** Of files that came together those that are models, by their names, and the others. */
export function partedFiles<T extends { readonly name: string }>(files: readonly T[]): [T[], T[]] {
  return [files.filter(({ name }) => MODEL.test(name)), files.filter(({ name }) => !MODEL.test(name))];
}
