export * from './calls';
export * from './events';
export * from './messages';
export * from './method';
export * from './page';
export * from './photo';
