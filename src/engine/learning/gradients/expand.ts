import type { GradientRule } from './rule';

/** What was repeated is summed. */
export const expand: GradientRule = {
  saves: {},
  fixed: [1],
  broadcasts: true,
  gradient: ({ dy }) => dy,
};
