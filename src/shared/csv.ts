const quoted = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Lines of CSV (RFC 4180); a cell without a value is empty. */
export const csvLines = (rows: readonly (readonly (string | number | null | undefined)[])[]): string[] =>
  rows.map((row) => row.map((cell) => quoted(String(cell ?? ''))).join(','));
