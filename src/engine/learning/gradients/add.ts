import type { GradientRule } from './rule';

/** A constant that is added is a bias where one follows a MatMul; see `parametersOf`. */
export const add: GradientRule = {
  saves: {},
  parameters: [0, 1],
  broadcasts: true,
  gradient: ({ dy }) => dy,
};
