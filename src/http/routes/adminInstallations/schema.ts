import { z } from 'zod';
import { maybeId, OBJECT_MEND } from '../../fields';

/** What is to be reconciled: a company, a location, or everything where neither is named. */
export const reconcileSchema = z
  .strictObject({ companyId: maybeId, locationId: maybeId }, OBJECT_MEND)
  .refine(({ companyId, locationId }) => companyId === undefined || locationId === undefined, {
    path: ['locationId'],
    error: 'must not stand beside companyId: name one of them',
  });

export type ReconcilePost = z.output<typeof reconcileSchema>;
