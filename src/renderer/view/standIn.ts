import { PLAIN } from '../editor/methodSettings';

/** What shows a photo until something better comes: quick, and at hand in every installation. */
export const STAND_IN = { method: 'bicubic', options: PLAIN, shows: 'enlargement' } as const;
