import type { Bind } from '../bind';
import * as ghlFacts from '../ghlFacts';
import * as optOutTasks from '../optOutTasks';
import * as beats from './beats';
import * as behind from './behind';
import * as outages from './outages';

/** Returns the store's calls about opt-outs, about what stands in GHL, and about outages. */
export function reconcileCalls(bind: Bind) {
  return {
    optOuts: { takeDue: bind(optOutTasks.takeOptOutTasks), finish: bind(optOutTasks.finishOptOutTask) },
    ghlFacts: {
      note: bind(ghlFacts.noteFacts),
      unreceived: bind(ghlFacts.unreceivedMessages),
      expire: bind(ghlFacts.expireFacts),
    },
    outages: {
      beat: bind(beats.beat),
      takeDue: bind(outages.takeDueOutages),
      goOn: bind(outages.goOnLooking),
      finish: bind(outages.finishOutage),
      list: bind(outages.listOutages),
      retell: bind(behind.retellBehind),
      countUnreceipted: bind(behind.countUnreceipted),
    },
  };
}
