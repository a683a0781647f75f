import { z } from 'zod';
import type { GhlAccess } from './access';
import type { GhlHttp } from './http';
import { CORE_VERSION } from './operations';
import { pathId } from './pathId';
import { holdsText } from './sameText';
import { maybe, needed, readAnswer } from './shapes';

export interface TaskInput {
  title: string;
  body: string;
  /** ISO 8601. */
  dueDate: string;
}

export interface TasksApi {
  /**
   * Adds an open task to a contact, assigned to nobody; returns its id. Throws `ghl_contact_gone`, and with retry
   * `ambiguous` `ghl_unavailable` and `ghl_empty_answer`: then look for it with `findTask` before adding it again.
   */
  createTask(access: GhlAccess, contactId: string, task: TaskInput): Promise<string>;
  /** Returns the id of the contact's task with this text, or null. Throws `ghl_contact_gone` and the general codes. */
  findTask(access: GhlAccess, contactId: string, task: Pick<TaskInput, 'body'>): Promise<string | null>;
  /** Marks a task as done; harmless to repeat. Throws `ghl_rejected` when it is not there any more. */
  completeTask(access: GhlAccess, contactId: string, taskId: string): Promise<void>;
}

const createdShape = z.object({ task: z.object({ id: needed }) });
const listShape = z.object({ tasks: z.array(z.object({ id: needed, body: maybe })) });

/** Returns the task endpoints (GHL docs, contacts). */
export function createTasksApi(http: GhlHttp): TasksApi {
  return {
    async createTask(access, contactId, { title, body, dueDate }) {
      const json = { title, body, dueDate, completed: false };
      const to = { path: pathOf(contactId), version: CORE_VERSION, access, json };
      const answer = await http.request({ operation: 'task.create', method: 'POST', ...to });
      return readAnswer('task.create', createdShape, answer).task.id;
    },

    async findTask(access, contactId, { body }) {
      const from = { path: pathOf(contactId), version: CORE_VERSION, access };
      const answer = await http.request({ operation: 'task.list', method: 'GET', ...from });
      const { tasks } = readAnswer('task.list', listShape, answer);
      return tasks.find((task) => holdsText(task.body ?? '', body))?.id ?? null;
    },

    async completeTask(access, contactId, taskId) {
      const path = `${pathOf(contactId)}/${pathId(taskId)}/completed`;
      const json = { completed: true };
      await http.request({ operation: 'task.complete', method: 'PUT', path, version: CORE_VERSION, access, json });
    },
  };
}

function pathOf(contactId: string): string {
  return `/contacts/${pathId(contactId)}/tasks`;
}
