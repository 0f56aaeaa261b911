/** What values are called in the one graph that a method of any scale is composed to. */

/** Reduced pictures [N, 3, h, w]. */
export const INPUT = 'input';
/** Their plain enlargement [N, 3, H, W], of methods that add to it. */
export const BASE = 'base';
/** The enlargement [N, 3, H, W]. */
export const OUTPUT = 'output';
