import { present } from '../src/domain/present';
import { activityInfo } from '@temporalio/activity';
import { SIT_MS } from '../src/domain/lane/decide';
import type { MessageArgs, Standing, StepResult } from '../src/domain/workflowTypes';
import type { ClaimResult } from '../src/store/messages/claimResult';
import { scopeOf, type ActivityDeps } from './deps';
import { createFileSlots, type FileSlots } from './fileSlots';
import { withHeartbeat } from './heartbeat';
import type { HostSlots, HostVisit } from './hostSlots';
import { prepareMessage } from './prepareMessage';
import { ROUTE_AGAIN_MS, routeMessage } from './routeMessage';
import { sendPart } from './sendPart';
import { standingOf } from './standing';
import { tellGhl } from './tellGhl';

/** How often a sitter looks again. */
const LOOK_MS = 500;
/** A run with several parts goes on within one activity for about this long, far below its start-to-close time. */
const STAY_MS = 45_000;
/** Whoever looked at files for longer than this makes sure that its run is still wanted before it claims. */
const AWAY_MS = 1_000;
/** A process that shuts down claims nothing; the next one is asked this much later. */
const DRAIN_MS = 1_000;

/** The activities of an outbound message: thin; the ledger decides, the adapter sends, GHL is told. */
export function createOutboundMessageActivities(deps: ActivityDeps, hosts: HostSlots) {
  const { store, starter } = deps.app;
  const files = createFileSlots();
  return {
    /**
     * Sends the message's next parts if it is their turn. Returns that it waits (how long, why), or where the message
     * stands once it is out of its lane.
     */
    sendMessage: (args: MessageArgs): Promise<StepResult> =>
      withHeartbeat(async () => {
        const visit = hosts.visit();
        return await new Turn(deps, args, visit, files).take().finally(() => visit.leave());
      }),

    /** Tells GHL what it does not know yet. Returns where the message stands. */
    tellStatus: (args: MessageArgs): Promise<Standing> => tellGhl(deps, args),

    /** A cancellation from Temporal: a transition of the ledger, refused once anything is claimed. */
    async cancelMessage(args: MessageArgs): Promise<{ cancelled: boolean; state: string }> {
      const reason = 'stopped_in_temporal';
      const { cancelled, state, wakes } = await store.messages.cancel(scopeOf(args), args.messageId, { reason });
      await starter.wake(wakes.filter((wake) => wake.messageId !== args.messageId));
      return { cancelled, state };
    },
  };
}

/** One activity's stay at the lane: claims, sits out short waits, sends. */
class Turn {
  private readonly beganAt = performance.now();
  private satMs = 0;
  /** It has looked at files for so long that its run may have been stopped meanwhile. */
  private wasAway = false;

  constructor(
    private readonly deps: ActivityDeps,
    private readonly args: MessageArgs,
    private readonly visit: HostVisit,
    private readonly files: FileSlots,
  ) {}

  async take(): Promise<StepResult> {
    for (;;) {
      const grantedBefore = performance.now();
      if (this.deps.draining.aborted) return waitStep(DRAIN_MS, 'behind', null);
      const dry = this.satMs > 0 || this.wasAway;
      const { admit } = this.visit;
      const claim = await this.deps.app.store.messages.claimPart(scopeOf(this.args), this.args.messageId, {
        dry,
        admit,
      });
      this.deps.app.metrics.laneClaims.inc({ result: claim.kind });
      const step = await this.follow(claim, grantedBefore);
      if (step !== null) return step;
    }
  }

  /** Returns the step that ends this stay, or null to look again. */
  private async follow(claim: ClaimResult, grantedBefore: number): Promise<StepResult | null> {
    switch (claim.kind) {
      case 'granted':
        await sendPart(this.deps, claim, grantedBefore);
        return performance.now() - this.beganAt > STAY_MS ? waitStep(1, 'behind', null) : null;
      case 'prepare':
        return await this.prepare(claim);
      case 'route':
        return (await routeMessage(this.deps, this.args, claim)) ? null : waitStep(ROUTE_AGAIN_MS, 'routing', null);
      case 'sit':
        return await this.sit(claim);
      case 'ready':
        return await this.standUp();
      case 'wait':
        if (claim.wake !== null) await this.deps.app.starter.wake([claim.wake]);
        return waitStep(claim.ms, claim.reason, claim.text);
      case 'done':
        if (claim.wake !== null) await this.deps.app.starter.wake([claim.wake]);
        return await this.out();
    }
  }

  /** Its own wait begins anew when it was put off, and it goes on at once when all was found. */
  private async prepare(claim: ClaimResult & { kind: 'prepare' }): Promise<StepResult | null> {
    if (claim.wake !== null) await this.deps.app.starter.wake([claim.wake]);
    const hasFiles = (claim.content.attachments ?? []).length > 0;
    const slot = hasFiles ? this.files.take(this.args.locationId) : { giveBack: () => undefined };
    if ('afterMs' in slot) return await this.postpone(slot.afterMs);
    const began = performance.now();
    await prepareMessage(this.deps, this.args, claim, () => this.visit.leave()).finally(slot.giveBack);
    this.wasAway ||= performance.now() - began > AWAY_MS;
    return performance.now() - this.beganAt > STAY_MS ? waitStep(1, 'behind', null) : null;
  }

  private async postpone(ms: number): Promise<StepResult> {
    const { app } = this.deps;
    await app.starter.wake(await app.store.messages.postponePreparation(scopeOf(this.args), this.args.messageId, ms));
    return waitStep(ms, 'preparing', null);
  }

  private async sit(claim: ClaimResult & { kind: 'sit' }): Promise<StepResult | null> {
    if (this.satMs >= SIT_MS) return waitStep(claim.ms, claim.reason, null);
    const ms = Math.min(LOOK_MS, claim.ms);
    this.satMs += ms;
    await pause(ms, this.deps.draining);
    return null;
  }

  /**
   * Its turn has come while it sat: a run that was stopped in Temporal meanwhile must not send any more. One that was
   * reset leaves the sending to the run that has taken its place.
   */
  private async standUp(): Promise<StepResult | null> {
    const { workflowId, runId } = present(activityInfo().workflowExecution, 'the workflow of a send');
    this.satMs = 0;
    this.wasAway = false;
    switch (await this.deps.standingOfRun(workflowId, runId)) {
      case 'open':
        return null;
      case 'replaced':
        return waitStep(DRAIN_MS, 'behind', null);
      case 'stopped': {
        const { messages } = this.deps.app.store;
        const stop = { reason: 'stopped_in_temporal', neverClaimed: true };
        const { wakes } = await messages.cancel(scopeOf(this.args), this.args.messageId, stop);
        await this.deps.app.starter.wake(wakes);
        return await this.out();
      }
    }
  }

  private async out(): Promise<StepResult> {
    const life = await this.deps.app.store.messages.lifecycle(scopeOf(this.args), this.args.messageId);
    if (life.state === 'unknown' && life.tell !== null) {
      const { channel } = life;
      this.deps.app.metrics.messages.inc({ channel, direction: 'outbound', event: 'unknown' });
    }
    return { kind: 'out', ...standingOf(life) };
  }
}

function waitStep(ms: number, reason: string, text: string | null): StepResult {
  const state = reason === 'in_flight' || reason === 'awaiting_echo' ? 'sending' : 'waiting';
  return { kind: 'wait', state, ms, reason, text };
}

async function pause(ms: number, draining: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      draining.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    draining.addEventListener('abort', end);
  });
}
