import type { Context } from 'koa';
import type { DomainError } from '../../../domain/errors';
import type { MessageStatus } from '../../../domain/messageStatus';
import { problemOf } from '../../middlewares/problem';
import type { RequestState } from '../../step';

/** Answers with a refusal that names the message's present state. */
export function refuse(
  ctx: Pick<Context, 'status' | 'body' | 'type'> & { state: RequestState },
  refusal: DomainError,
  state: MessageStatus,
): void {
  ctx.state.refusal = refusal;
  ctx.status = refusal.status;
  ctx.body = { ...problemOf(refusal, ctx.state.requestId), state };
  ctx.type = 'application/problem+json';
}
