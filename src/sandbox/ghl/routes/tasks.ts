import { z } from 'zod';
import type { Reply } from '../../kit/answer';
import { newId } from '../records/state';
import type { GhlTask } from '../records/types';
import { ok, refuse } from '../replies';
import { checkJson } from '../validation';
import { ownContact } from './contacts';
import type { Call, GhlRoute } from './route';

/** GHL docs, Create task. */
const createSchema = z.strictObject({
  title: z.string(),
  body: z.string().optional(),
  dueDate: z.iso.datetime({ offset: true }),
  completed: z.boolean(),
  assignedTo: z.string().optional(),
});
/** GHL docs, Update task completed. */
const completeSchema = z.strictObject({ completed: z.boolean() });

function create(call: Call): Reply {
  const { state, request, locationId } = call;
  const contact = ownContact(call);
  if (!contact.ok) return contact.reply;
  const body = checkJson(createSchema, request);
  if (!body.ok) return body.reply;
  const { title, body: text, dueDate, completed } = body.value;
  const task: GhlTask = { id: newId(), locationId, contactId: contact.value.id, title, body: text, dueDate, completed };
  state.tasks.set(task.id, task);
  state.watch.changed();
  return ok({ task: viewOf(task) }, 201);
}

function list(call: Call): Reply {
  const contact = ownContact(call);
  if (!contact.ok) return contact.reply;
  const mine = [...call.state.tasks.values()].filter(({ contactId }) => contactId === contact.value.id);
  return ok({ tasks: mine.map(viewOf) });
}

function complete(call: Call): Reply {
  const { state, request, params } = call;
  const contact = ownContact(call);
  if (!contact.ok) return contact.reply;
  const body = checkJson(completeSchema, request);
  if (!body.ok) return body.reply;
  const task = state.tasks.get(params.taskId ?? '');
  if (task?.contactId !== contact.value.id) return refuse(400, 'Task not found');
  task.completed = body.value.completed;
  state.watch.changed();
  return ok({ task: viewOf(task) });
}

function viewOf({ id, title, body, dueDate, completed, contactId }: GhlTask): object {
  return { id, title, body, dueDate, completed, contactId };
}

const path = '/contacts/:contactId/tasks';
const WRITE = { audience: 'location', scope: 'contacts.write' } as const;
const READ = { audience: 'location', scope: 'contacts.readonly' } as const;

export const TASK_ROUTES: readonly GhlRoute[] = [
  { method: 'POST', path, operation: 'createTask', access: WRITE, handle: create },
  { method: 'GET', path, operation: 'listTasks', access: READ, handle: list },
  { method: 'PUT', path: `${path}/:taskId/completed`, operation: 'completeTask', access: WRITE, handle: complete },
];
