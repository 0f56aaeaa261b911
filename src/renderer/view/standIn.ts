import { PLAIN_OPTIONS } from '../../shared/enlargement';

/** What shows a photo until something better comes: quick, and at hand in every installation. */
export const STAND_IN = { method: 'bicubic', options: PLAIN_OPTIONS, shows: 'enlargement' } as const;
