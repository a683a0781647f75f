import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, Next } from '@temporalio/worker';
import { activityInfo } from '@temporalio/activity';
import { asDomainError } from '../domain/errors';
import type { Logger } from '../observability/logger';

/**
 * The one place where errors become Temporal failures: a code, a safe sentence, when to retry. No stack and no cause
 * goes into a history: drivers' texts may hold values.
 */
export class ActivityErrors implements ActivityInboundCallsInterceptor {
  constructor(private readonly logger: Logger) {}

  async execute(input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>): Promise<unknown> {
    try {
      return await next(input);
    } catch (thrown) {
      if (thrown instanceof CancelledFailure) throw thrown;
      const error = asDomainError(thrown);
      if (!error.benign) {
        const { activityType, attempt, workflowExecution } = activityInfo();
        this.logger.warn(
          { err: error, activityType, attempt, workflowId: workflowExecution?.workflowId },
          'An activity failed',
        );
      }
      throw failureOf(thrown);
    }
  }
}

/** Returns the failure that stands for an error in a history. */
export function failureOf(thrown: unknown): ApplicationFailure {
  const error = asDomainError(thrown);
  const failure = ApplicationFailure.create({
    type: error.code,
    message: error.message,
    nonRetryable: error.retry === 'never',
    nextRetryDelay: error.retryAfterMs,
    category: error.benign ? 'BENIGN' : undefined,
  });
  failure.stack = '';
  return failure;
}
