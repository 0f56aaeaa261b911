import { editDistance } from '../shared/editDistance';

/** The known names that `name` may have meant, nearest first, at most three. */
export function nearNames(name: string, known: readonly string[]): string[] {
  const wanted = name.toLowerCase();
  const reach = Math.max(2, Math.floor(wanted.length / 3));
  return known
    .map((candidate) => {
      const related = wanted.length > 1 && (candidate.startsWith(wanted) || wanted.startsWith(candidate));
      return { candidate, distance: related ? 0.5 : editDistance(wanted, candidate) };
    })
    .filter(({ distance, candidate }) => distance <= reach && distance < candidate.length)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}
