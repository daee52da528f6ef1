// The import rules of the architecture. Data passes through the folders in the order
// edges → intake → pipeline → desks → ledger → db → core, and imports go the same way only.

/** Server folders by layer, the outermost first. What is left of a folder may import it, never the other way. */
const layers = ['edges', 'intake', 'pipeline', 'desks', 'ledger', 'db', 'core'];
/** They follow the event log with a cursor of their own. */
const consumers = ['push', 'webhooks', 'reporting', 'retention', 'effects'];

const tests = ['\\.test\\.tsx?$', '^(contract|server|client|cli|bench|web)/test/'];
const src = (...folders) => `^server/src/(${folders.join('|')})/`;

const layerRules = layers.slice(1).map((layer, index) => ({
  name: `${layer}-imports-inwards-only`,
  comment: `${layer} must not know ${layers.slice(0, index + 1).join(', ')}.`,
  severity: 'error',
  from: { path: src(layer), pathNot: tests },
  to: { path: src(...layers.slice(0, index + 1)) },
}));

/** Files that something else than an import starts: a command line, a package's exports, a process of its own. */
const entryPoints = [
  '^server/src/(main|platform)\\.ts$',
  '^server/src/db/embedded/watcher\\.ts$',
  '^contract/src/(index|generate)\\.ts$',
  '^client/src/(reading/)?index\\.ts$',
  '^cli/src/main\\.ts$',
  '^bench/src/main\\.ts$',
  '^web/src/main\\.tsx$',
  '^web/vite\\.config\\.ts$',
];

/** Modules of the contract that are plain data, or read it: they may be in a bundle for browsers. */
const lightRegistries =
  '^contract/src/((common-passwords|email|error-entry|errors|passwords|search-text|strict-json|text)|desks/(vocabulary|payments/merchant-handle))\\.ts$';
/** What they are made of. */
const vocabularies = '^contract/src/desks/([^/]+/vocabulary|vocabulary-entry|merged)\\.ts$';

module.exports = {
  forbidden: [
    ...layerRules,
    {
      name: 'edges-only-translate',
      comment: 'Edges contain no rule and no SQL: what they need comes through intake and the desks.',
      severity: 'error',
      from: { path: src('edges'), pathNot: tests },
      to: { path: src('db', 'ledger', 'pipeline') },
    },
    {
      name: 'core-imports-nothing-of-the-tree',
      severity: 'error',
      from: { path: src('core'), pathNot: tests },
      to: { path: '^(server|client|cli|bench)/', pathNot: '^server/src/core/' },
    },
    {
      name: 'core-imports-types-and-light-registries-of-the-contract',
      comment: 'Names and prefixes are plain data; the schemas are for those who check what comes in.',
      severity: 'error',
      from: { path: src('core'), pathNot: tests },
      to: { path: '^contract/', pathNot: lightRegistries, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'light-registries-of-the-contract-are-plain-data',
      comment: 'What a browser loads: a schema among it brings the validator along.',
      severity: 'error',
      from: { path: [lightRegistries, vocabularies], pathNot: tests },
      to: { path: ['^contract/', 'typebox'], pathNot: [lightRegistries, vocabularies] },
    },
    {
      name: 'what-a-desk-may-answer-with-knows-no-list-of-desks',
      comment: 'The list is made of the desks, whose operations answer with an order too: it would be a circle.',
      severity: 'error',
      from: { path: '^contract/src/schemas/(order|common|lists)\\.ts$' },
      to: { path: '^contract/src/desks/index\\.ts$', reachable: true },
    },
    {
      name: 'pipeline-knows-no-desk',
      comment: 'Desks register; the pipeline knows only what a desk is.',
      severity: 'error',
      from: { path: src('pipeline'), pathNot: tests },
      to: { path: '^server/src/desks/[^/]+/' },
    },
    {
      name: 'only-the-list-names-a-desk',
      comment: 'What the rest of the server has to know of a desk, its module says: desks/module.ts.',
      severity: 'error',
      from: { path: '^server/src/', pathNot: [...tests, '^server/src/desks/([^/]+/|index\\.ts$)'] },
      to: { path: '^server/src/desks/[^/]+/' },
    },
    {
      name: 'only-the-list-names-a-desk-of-the-contract',
      comment:
        'What schemas, operations and documents say of a desk comes from the lists in desks/index.ts and vocabulary.ts.',
      severity: 'error',
      from: { path: '^contract/src/', pathNot: [...tests, '^contract/src/desks/([^/]+/|(index|vocabulary)\\.ts$)'] },
      to: { path: '^contract/src/desks/(?!engine/)[^/]+/' },
    },
    {
      name: 'desks-are-separate',
      comment: 'What they share is the kit, which knows none of them.',
      severity: 'error',
      from: { path: '^server/src/desks/([^/]+)/', pathNot: tests },
      to: { path: '^server/src/desks/[^/]+/', pathNot: '^server/src/desks/($1|kit)/' },
    },
    {
      name: 'consumers-meet-the-pipeline-through-events-only',
      severity: 'error',
      from: { path: src(...consumers), pathNot: tests },
      to: { path: src('pipeline', 'edges') },
    },
    {
      name: 'the-way-of-an-order-knows-no-consumer',
      severity: 'error',
      from: { path: src('pipeline', 'desks', 'ledger', 'db', 'core', 'events', 'intake'), pathNot: tests },
      to: { path: src(...consumers) },
    },
    {
      name: 'events-know-only-what-is-below',
      severity: 'error',
      from: { path: src('events', 'broker'), pathNot: tests },
      to: { path: src('edges', 'pipeline', 'desks', 'ledger') },
    },
    {
      name: 'only-main-and-the-platform-wire',
      comment: 'main.ts and platform.ts may import everything, so nothing may import them.',
      severity: 'error',
      from: { path: '^server/src/', pathNot: [...tests, '^server/src/main\\.ts$'] },
      to: { path: '^server/src/(main|platform)\\.ts$' },
    },
    {
      name: 'contract-stands-alone',
      severity: 'error',
      from: { path: '^contract/', pathNot: tests },
      to: { path: '^(server|client|cli|bench|web)/' },
    },
    {
      name: 'client-knows-only-the-contract',
      severity: 'error',
      from: { path: '^client/', pathNot: tests },
      to: { path: '^(server|cli|bench|web)/' },
    },
    {
      name: 'server-knows-none-of-its-users',
      severity: 'error',
      from: { path: '^server/src/', pathNot: tests },
      to: { path: '^(client|cli|bench|web)/' },
    },
    {
      name: 'web-knows-only-the-client-and-the-contract',
      severity: 'error',
      from: { path: '^web/src/', pathNot: tests },
      to: { path: '^(server|cli|bench)/' },
    },
    {
      name: 'web-takes-types-and-light-registries-of-the-contract',
      comment: 'The schemas bring a validator that no browser needs.',
      severity: 'error',
      from: { path: '^web/src/', pathNot: tests },
      to: { path: '^contract/', pathNot: lightRegistries, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'nobody-imports-the-web-application',
      severity: 'error',
      from: { path: '^(cli|bench)/', pathNot: tests },
      to: { path: '^web/' },
    },
    {
      name: 'sections-are-separate',
      severity: 'error',
      from: { path: '^web/src/sections/([^/]+)/', pathNot: tests },
      to: { path: '^web/src/sections/[^/]+/', pathNot: '^web/src/sections/$1/' },
    },
    {
      name: 'sections-know-no-shell',
      comment:
        'What sections share lies in design, keys, live, orders, passwords, session, navigation, money, notices, things and wording.',
      severity: 'error',
      from: {
        path: '^web/src/(sections/[^/]+|design|keys|live|orders|passwords|session|navigation|money|notices|things|wording)/',
        pathNot: tests,
      },
      to: { path: '^web/src/app/' },
    },
    {
      name: 'no-test-code-in-the-product',
      severity: 'error',
      from: { path: '^(contract|server/src|client|cli|bench|web)/', pathNot: tests },
      to: { path: tests },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'nothing-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dead-files',
      comment: 'Nobody but tests imports this file: wire it or remove it.',
      severity: 'error',
      from: { pathNot: tests },
      module: {
        path: '^(contract|server/src|client|cli|bench|web)/.*\\.tsx?$',
        pathNot: [...tests, ...entryPoints],
        numberOfDependentsLessThan: 1,
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(contract/generated|web/dist[^/]*)/' },
    // Types are design too: a cycle of types is a cycle.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
