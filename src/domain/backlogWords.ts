import { backlogOf, localEnd } from './backlog';

/** Returns what the operator reads of a backlog on a number (`The WhatsApp number of ...`). */
export function backlogWords(number: string, detail: string): { text: string; next: string } {
  const backlog = backlogOf(detail);
  const { endsAt, waiting } = backlog;
  return {
    text: `${number} has ${waiting} ${waiting === 1 ? 'message' : 'messages'} waiting. At its pace and within its caps the last one goes out at about ${new Date(endsAt).toISOString().slice(0, 16).replace('T', ' ')} UTC.`,
    next: 'Nothing has to be done: all of it goes out by itself, and replies do not wait for it. To have it sooner, raise the caps of the connection as far as the number can bear, or send through more numbers. Cancel what is not wanted by then.',
  };
}

/**
 * Returns the task for whoever looks after the location: when it ends, by the location's own clocks. `since`: unlike any
 * other task by it.
 */
export function backlogTask(detail: string, since: string): { title: string; body: string } {
  const backlog = backlogOf(detail);
  return {
    title: `WhatsApp messages go out until about ${localEnd(backlog)}`,
    body: `Since ${since} more messages wait on this WhatsApp number than it may send in a day: ${backlog.waiting} now. They go out by themselves, one after the other, so that WhatsApp does not ban the number; the last one at about ${localEnd(backlog)}. None is lost, and replies to contacts do not wait for them. What to do: nothing; or look whether all of them are still wanted by then. More numbers, or higher limits, make it faster.`,
  };
}
