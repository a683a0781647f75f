import type { Documents } from '../support/openapi';

const contactAndTask = ['contactId', 'taskId'].map((name) => ({
  name,
  in: 'path' as const,
  required: true,
  schema: { type: 'string' },
}));

const answer = {
  content: {
    'application/json': {
      schema: { type: 'object', properties: { task: { type: 'object', properties: { id: { type: 'string' } } } } },
    },
  },
};

/** One operation of GHL's contacts file that the trimmed copies leave out (GHL docs, Update task completed). */
export const TASK_COMPLETED: Documents = {
  'task-completed': {
    openapi: '3.0.0',
    paths: {
      '/contacts/{contactId}/tasks/{taskId}/completed': {
        put: {
          parameters: [
            { name: 'Version', in: 'header', required: true, schema: { type: 'string', enum: ['2021-07-28'] } },
            ...contactAndTask,
          ],
          requestBody: {
            content: {
              'application/json': {
                schema: { type: 'object', properties: { completed: { type: 'boolean' } }, required: ['completed'] },
              },
            },
          },
          responses: { '200': answer, '400': {}, '401': {}, '422': {} },
          security: [{ bearer: [] }],
        },
      },
    },
  },
};
