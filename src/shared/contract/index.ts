export {
  methodIdSchema,
  methodOptionsSchema,
  photoTokenSchema,
  regionSchema,
  scaleSchema,
  turnedSchema,
  type MethodOptions,
  type Turned,
} from '../enlargement';
export * from './blind';
export * from './calls';
export * from './condition';
export * from './documents';
export * from './encodingTrials';
export * from './events';
export * from './finetune';
export * from './jobId';
export * from './jobs';
export * from './machine';
export * from './measuring';
export * from './messages';
export * from './methods';
export * from './models';
export * from './page';
export * from './photos';
export * from './recommend';
export * from './session';
export * from './settings';
export * from './sheets';
export * from './views';
