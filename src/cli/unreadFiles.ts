/** So many files are named in one sentence. */
const NAMED_MAX = 10;

/** What is said of pictures that a folder has and that cannot be read; undefined where there are none. */
export function unreadSentence(paths: readonly string[]): string | undefined {
  if (paths.length === 0) return undefined;
  const more = paths.length > NAMED_MAX ? ` and ${paths.length - NAMED_MAX} more` : '';
  const files =
    paths.length === 1
      ? '1 file is of a kind that cannot be read and was left out'
      : `${paths.length} files are of kinds that cannot be read and were left out`;
  return `${files}: ${paths.slice(0, NAMED_MAX).join(', ')}${more}.`;
}
