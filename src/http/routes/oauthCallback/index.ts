import Router from '@koa/router';
import type { App } from '../../../app';
import { completeInstall } from '../../../commands/completeInstall';
import { DomainError } from '../../../domain/errors';
import { dropInstallCookie, installCookie } from '../../installCookie';
import { getOnly } from '../../middlewares/getOnly';
import { installPages } from '../../middlewares/installPages';
import { companyInstalledPage } from '../../pages/companyInstalled';
import { installedPage } from '../../pages/installed';
import type { RequestState } from '../../step';

const LONGEST_CODE = 2_000;

/**
 * `GET /oauth/callback`: GHL sends the browser here with a one-time code. An installation that was begun inside GHL
 * carries no state of ours; one that carries a state must have begun in this browser. Of the query nothing else is read.
 */
export function oauthRoutes(app: App): Router<RequestState> {
  const router = new Router<RequestState>();
  router.get('/oauth/callback', getOnly(), installPages(), async (ctx) => {
    const input = { code: codeOf(ctx.query), state: stateOf(ctx.query), cookie: installCookie(ctx) };
    const done = await completeInstall(app, input);
    if (input.state !== undefined) dropInstallCookie(ctx, app.settings.publicUrl);
    ctx.body = done.kind === 'location' ? installedPage(done) : companyInstalledPage(done);
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

/** One that stands twice is none of ours, and is refused as such. */
function stateOf({ state }: Record<string, unknown>): string | undefined {
  return state === undefined || typeof state === 'string' ? state : '';
}

function refused(code: string, message: string): DomainError {
  return new DomainError(code, 'never', message, { status: 400 });
}
