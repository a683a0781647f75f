import { dirname, normalize, relative } from 'node:path';

/**
 * Which layer may import which: arrows go one way, from what is wired late to what knows nothing. `types:` allows
 * `import type` only, which leaves nothing behind at run time. A layer may always import itself.
 */
const CLIENTS = ['src/channels', 'src/crypto', 'src/ghl', 'src/media'];
const SERVICES = [
  'src/version',
  'src/domain',
  'src/config',
  'src/observability',
  'src/store',
  'src/temporal',
  ...CLIENTS,
];
const LAYERS = {
  'src/version': [],
  'src/domain': [],
  'src/config': ['src/domain'],
  'src/crypto': ['src/domain'],
  'src/observability': ['src/domain'],
  'src/ghl': ['src/domain'],
  'src/channels': ['src/domain'],
  'src/media': ['src/domain', 'src/crypto', 'types:src/store'],
  'src/failures': ['src/domain', 'src/channels', 'src/media'],
  'src/sandbox': ['src/domain'],
  'src/store': ['src/domain', 'src/crypto', 'types:src/channels'],
  workflows: ['src/domain', 'types:activities'],
  'src/app': SERVICES,
  'src/commands': [...SERVICES, 'src/app'],
  'src/loops': [...SERVICES, 'src/app', 'src/commands'],
  activities: [...SERVICES, 'src/app', 'src/commands'],
  'src/temporal': ['src/version', 'src/domain', 'src/config', 'src/observability', 'src/store'],
  'src/http': [...SERVICES, 'src/app', 'src/commands'],
  'src/ops': [...SERVICES, 'src/app', 'src/commands', 'src/bridge', 'types:src/http'],
};
/** They wire everything, so they may import everything. */
const ROOTS = ['src/main', 'src/bridge', 'src/compose', 'src/roles', 'src/quickstart', 'src/bench'];

/** ESLint rule: an import that goes against the arrows. */
export const layersRule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      against: '{{from}} may not import {{to}}{{kind}} (scripts/lint/layers.mjs has the arrows).',
      unknown: '{{from}} is no known layer: give it its arrows in scripts/lint/layers.mjs.',
    },
  },
  create(context) {
    const file = relative(context.cwd, context.filename);
    const from = layerOf(file);
    const check = (node) => {
      const specifier = node.source?.value;
      if (ROOTS.includes(from) || typeof specifier !== 'string' || !specifier.startsWith('.')) return;
      const to = layerOf(normalize(`${dirname(file)}/${specifier}`));
      if (to === from) return;
      const allowed = LAYERS[from];
      if (allowed === undefined) return context.report({ node, messageId: 'unknown', data: { from } });
      const isType = node.importKind === 'type' || node.exportKind === 'type';
      if (allowed.includes(to) || (isType && allowed.includes(`types:${to}`))) return;
      const kind = allowed.includes(`types:${to}`) ? ' but for its types' : '';
      context.report({ node, messageId: 'against', data: { from, to, kind } });
    };
    return { ImportDeclaration: check, ExportNamedDeclaration: check, ExportAllDeclaration: check };
  },
};

/** `src/store/db.ts` -> `src/store`, `src/app.ts` -> `src/app`, `workflows/connection.ts` -> `workflows`. */
function layerOf(path) {
  const [top, second] = path.split('/');
  return top === 'src' ? `src/${(second ?? '').replace(/\.ts$/, '')}` : top;
}
