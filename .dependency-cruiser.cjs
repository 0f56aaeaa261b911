/** The rooms of docs/architecture.md, enforced: who may import whom, and one door to each vendor. */
const ROOMS = ['engine', 'main', 'preload', 'host', 'cli', 'renderer', 'childEngine'];

/** The processes that keep files of their own on disk, in folders that another one sweeps when they died. */
const KEEPERS = ['engine', 'main', 'host'];

/** Rooms that start the engine as a Node child process; the desktop has Electron's own way. */
const STARTERS = ['host', 'cli'];

const roomRules = ROOMS.map((room) => ({
  name: `${room}-imports-itself-and-shared`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: {
    path: '^src/',
    pathNot: `^src/(${[
      room,
      'shared',
      ...(STARTERS.includes(room) ? ['childEngine'] : []),
      ...(KEEPERS.includes(room) ? ['privateFolders'] : []),
    ].join('|')})/`,
  },
}));

/**
 * The layers inside the engine, lowest first: a folder imports its own layer's folder and those below, never one
 * beside or above. `shared` lies under all of them.
 */
const LAYERS = [
  ['kernels', 'state', 'schedule'],
  ['photos', 'onnx', 'pixels', 'watch'],
  ['codec', 'runtime'],
  ['methods', 'metrics'],
  ['enlarging', 'learning', 'importing', 'sheets'],
  ['finetune'],
  ['views', 'jobs'],
  ['process'],
];

const layerRules = LAYERS.flatMap((layer, level) => {
  const below = LAYERS.slice(0, level).flat();
  return layer.map((room) => ({
    name: `engine-${room}-imports-below`,
    severity: 'error',
    from: { path: `^src/engine/${room}/` },
    to: { path: '^src/engine/', pathNot: `^src/engine/(${[room, ...below].join('|')})/` },
  }));
});

/** A file of the engine that lies in no layer would be seen by no rule: only its entry does. */
const noOtherRoomsRule = {
  name: 'engine-files-lie-in-layers',
  severity: 'error',
  from: { path: '^src/engine/', pathNot: `^src/engine/((${LAYERS.flat().join('|')})/|index\\.ts$)` },
  to: {},
};

/** Kernels are arithmetic: nothing of Node, no vendor. */
const kernelsRule = {
  name: 'kernels-are-pure',
  severity: 'error',
  from: { path: '^src/engine/kernels/' },
  to: { pathNot: '^src/(engine/kernels|shared)/' },
};

/** The document is plain data and functions of it: no Vue, no store, no engine. */
const documentRule = {
  name: 'document-is-pure',
  severity: 'error',
  from: { path: '^src/renderer/document/' },
  to: { pathNot: '^(src/renderer/document/|src/shared/|node_modules/valibot/)' },
};

/** Only files matching `door` may import the vendor. */
const oneDoor = (name, vendor, door) => ({
  name,
  severity: 'error',
  from: { path: '^(src|bin)/', pathNot: door },
  to: { path: vendor },
});

module.exports = {
  forbidden: [
    ...roomRules,
    ...layerRules,
    noOtherRoomsRule,
    kernelsRule,
    documentRule,
    {
      name: 'shared-stands-alone',
      severity: 'error',
      from: { path: '^src/shared/' },
      to: { pathNot: '^(src/shared/|node_modules/valibot)' },
    },
    {
      name: 'no-node-in-the-page',
      severity: 'error',
      from: { path: '^src/(renderer|shared)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'scene-knows-vue-in-one-file',
      severity: 'error',
      from: { path: '^src/renderer/scene/', pathNot: '^src/renderer/scene/useScene\\.ts$' },
      to: { path: '^(node_modules/(vue|pinia|@vueuse)|src/renderer/(stores|components|panels|locales))' },
    },
    {
      name: 'private-folders-stand-alone',
      severity: 'error',
      from: { path: '^src/privateFolders/' },
      to: { path: '^src/', pathNot: '^src/privateFolders/' },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { path: '^src/', orphan: true, pathNot: '\\.d\\.ts$' },
      to: {},
    },
    oneDoor(
      'electron-only-in-main-and-preload',
      '^(node_modules/electron/|electron$)',
      '^src/(main|preload)/',
    ),
    oneDoor(
      'onnxruntime-has-one-importer',
      '^node_modules/onnxruntime',
      '^src/engine/runtime/onnxRuntime\\.ts$',
    ),
    oneDoor(
      'foreign-decoders-only-in-their-room',
      '^node_modules/(wasm-vips|libheif-js|@cornerstonejs)/',
      '^src/engine/codec/foreign/',
    ),
    oneDoor('sharp-only-in-codec', '^node_modules/(sharp|@img)', '^src/engine/codec/'),
    oneDoor('ws-only-in-host', '^node_modules/ws/', '^src/host/'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
