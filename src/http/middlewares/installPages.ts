import { asDomainError } from '../../domain/errors';
import { PAGE_POLICY } from '../pages/layout';
import { notInstalledPage } from '../pages/notInstalled';
import type { Step } from '../step';

/** Answers with pages, errors too: a person looks at them in a browser. Nothing of the query is ever shown. */
export function installPages(): Step {
  return async (ctx, next) => {
    ctx.set('Content-Security-Policy', PAGE_POLICY);
    try {
      await next();
    } catch (thrown) {
      const refusal = asDomainError(thrown);
      ctx.state.refusal = refusal;
      const { status, markup } = notInstalledPage(refusal.code, ctx.state.requestId);
      ctx.status = status;
      ctx.body = markup;
    }
    ctx.type = 'html';
  };
}
