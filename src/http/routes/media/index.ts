import Router from '@koa/router';
import type { App } from '../../../app';
import type { OpenedMedia } from '../../../media/media';
import { DomainError } from '../../../domain/errors';
import type { RequestState } from '../../step';
import { wantedOf } from './range';

/**
 * `GET` and `HEAD /media/:token/:name`: a file of a message, for whoever was given its address. Expired, changed,
 * unknown and erased ones are all 404.
 */
export function mediaRoutes({ media }: Pick<App, 'media'>): Router<RequestState> {
  const router = new Router<RequestState>();
  router.get('/media/:token/:name', async (ctx) => {
    const { token = '', name = '' } = ctx.params;
    const file = await media.open(token, name);
    describe(ctx, file);
    if (ctx.fresh) {
      ctx.status = 304;
      return;
    }
    const unchanged = ['', ctx.response.get('ETag')].includes(ctx.get('If-Range'));
    const wanted = unchanged ? wantedOf(ctx.get('Range'), file.bytes) : 'all';
    if (wanted === 'bad') throw badRange(ctx, file);
    const { start, end } = wanted === 'all' ? { start: 0, end: file.bytes - 1 } : wanted;
    if (wanted !== 'all') ctx.set('Content-Range', `bytes ${start}-${end}/${file.bytes}`);
    ctx.status = wanted === 'all' ? 200 : 206;
    if (ctx.method !== 'HEAD') ctx.body = file.read({ start, end });
    // Of a stream Koa knows neither.
    ctx.type = file.type;
    ctx.length = end - start + 1;
  });
  return router;
}

type Context = Parameters<Parameters<Router<RequestState>['get']>[1]>[0];

function describe(ctx: Context, file: OpenedMedia): void {
  // A document is offered for saving under its name; with a picture or sound the name says nothing.
  if (file.kind === 'document') ctx.attachment(file.name);
  ctx.set({ 'Accept-Ranges': 'bytes', 'Cache-Control': 'private' });
  ctx.status = 200;
  ctx.etag = file.sha256;
}

function badRange(ctx: Context, { bytes }: OpenedMedia): DomainError {
  ctx.set('Content-Range', `bytes */${bytes}`);
  return new DomainError('bad_range', 'never', 'The file does not have those bytes.', { status: 416 });
}
