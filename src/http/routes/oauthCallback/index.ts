import Router from '@koa/router';
import type { App } from '../../../app';
import { completeInstall } from '../../../commands/completeInstall';
import { DomainError } from '../../../domain/errors';
import { getOnly } from '../../middlewares/getOnly';
import { installPages } from '../../middlewares/installPages';
import { installedPage } from '../../pages/installed';
import type { RequestState } from '../../step';

const LONGEST_CODE = 2_000;

/**
 * `GET /oauth/callback`: GHL sends the browser here with a one-time code. An installation that was begun inside GHL
 * carries no state of ours, so the code is all that counts; other parameters of the query are not read.
 */
export function oauthRoutes(app: App): Router<RequestState> {
  const router = new Router<RequestState>();
  router.get('/oauth/callback', getOnly(), installPages(), async (ctx) => {
    ctx.body = installedPage(await completeInstall(app, { code: codeOf(ctx.query) }));
  });
  return router;
}

/** A code that stands twice in the query was tampered with. */
function codeOf({ code, error }: Record<string, unknown>): string {
  if (error === 'access_denied') throw refused('access_denied', 'The installation was cancelled in GHL.');
  if (error !== undefined) throw refused('oauth_error', 'GHL reported an error instead of a code.');
  if (typeof code !== 'string' || code === '' || code.length > LONGEST_CODE) {
    throw refused('code_missing', 'The callback was opened without a usable code.');
  }
  return code;
}

function refused(code: string, message: string): DomainError {
  return new DomainError(code, 'never', message, { status: 400 });
}
