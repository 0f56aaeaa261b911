/** The rooms of docs/architecture.md, enforced: who may import whom, and one door to each vendor. */
const ROOMS = ['engine', 'main', 'preload', 'host', 'cli', 'renderer'];

const roomRules = ROOMS.map((room) => ({
  name: `${room}-imports-itself-and-shared`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: '^src/', pathNot: `^src/(${room}|shared)/` },
}));

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
    oneDoor('onnxruntime-only-in-session', '^node_modules/onnxruntime', '^src/engine/session\\.ts$'),
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
