import { Readable } from 'node:stream';
import Router from '@koa/router';
import type { App } from '../../../app';
import { eraseData } from '../../../commands/eraseData';
import { exportData } from '../../../commands/exportData';
import type { RequestState } from '../../step';

const ACTOR = { actor: 'operator' };

/**
 * `POST /admin/v1/locations/:locationId/erase` and `POST .../contacts/:contactId/erase`: 200 with what was erased;
 * `GET .../export`, for a location or a contact: JSON lines, streamed, the last one `{"kind":"end","lines":n}`;
 * `GET /admin/v1/contacts/:contactId`: `{locations}` that hold something of a contact.
 */
export function dataRoutes(app: App): Router<RequestState> {
  const router = new Router<RequestState>();
  for (const path of ['/admin/v1/locations/:locationId', '/admin/v1/locations/:locationId/contacts/:contactId']) {
    router.post(`${path}/erase`, async (ctx) => {
      ctx.body = await eraseData(app, { ...subjectOf(ctx.params), ...ACTOR });
    });
    router.get(`${path}/export`, async (ctx) => {
      const lines = await exportData(app, { ...subjectOf(ctx.params), ...ACTOR });
      ctx.type = 'application/x-ndjson';
      ctx.body = Readable.from(lines);
    });
  }
  router.get('/admin/v1/contacts/:contactId', async (ctx) => {
    ctx.body = { locations: await app.store.erasure.locationsOf(ctx.params['contactId'] ?? '') };
  });
  return router;
}

function subjectOf(params: Record<string, string | undefined>): { locationId: string; contactId?: string } {
  return { locationId: params['locationId'] ?? '', contactId: params['contactId'] };
}
