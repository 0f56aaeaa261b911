import { randomInt } from 'node:crypto';

/** Without those that look alike: people read ids from a terminal and type them. */
const LETTERS = '23456789abcdefghjkmnpqrstuvwxyz';
const LENGTH = 8;

/** A job's name in the ledger: 31^8 of them, drawn at random. */
export const freshJobId = (): string =>
  Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');
