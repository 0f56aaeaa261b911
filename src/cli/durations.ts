/** `40 ms`, `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`: a time for people, from seconds. */
export function formatSeconds(seconds: number): string {
  if (seconds < 0.0995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  return formatWhole(Math.round(seconds));
}

/** Time left, in whole seconds and never none: `1 s`, `12 s`, `3 min 5 s`. */
export const formatSecondsLeft = (seconds: number): string => formatWhole(Math.max(1, Math.ceil(seconds)));

function formatWhole(whole: number): string {
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
