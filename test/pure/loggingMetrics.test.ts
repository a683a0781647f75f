import fc from 'fast-check';
import { boundLabels } from '../../src/observability/boundLabels';
import { createMetrics } from '../../src/observability/metrics';

test('every metric is counted under its labels', async () => {
  const metrics = createMetrics();
  metrics.httpRequests.inc({ route: '/ghl/delivery/:secret', status: 200 });
  metrics.ackDuration.observe({ route: '/ghl/delivery/:secret' }, 0.004);
  metrics.messages.inc({ channel: 'whatsapp', direction: 'outbound', event: 'accepted' }, 2);
  metrics.gatewaySends.inc({ outcome: 'rejected', code: 'number_invalid' });
  metrics.ghlRequests.inc({ operation: 'updateStatus', status: 'timeout' });
  metrics.statusUpdatesGivenUp.inc({});
  metrics.signatureRefusals.inc({ reason: 'missing' });
  metrics.webhookJunk.inc({ source: 'gateway' });
  metrics.sweeperRepairs.inc({ kind: 'late_wake' });
  metrics.transactionReruns.inc({});
  metrics.workflowStarts.inc({ outcome: 'deferred' });
  metrics.connectionChanges.inc({ to: 'relogin' });
  metrics.receipts.inc({ match: 'unmatched' });
  metrics.laneClaims.inc({ result: 'grant' });
  const text = await metrics.render();
  for (const line of [
    'bridge_http_requests_total{route="/ghl/delivery/:secret",status="200"} 1',
    'bridge_ack_duration_seconds_bucket{le="0.002",route="/ghl/delivery/:secret"} 0',
    'bridge_ack_duration_seconds_bucket{le="0.005",route="/ghl/delivery/:secret"} 1',
    'bridge_messages_total{channel="whatsapp",direction="outbound",event="accepted"} 2',
    'bridge_gateway_sends_total{outcome="rejected",code="number_invalid"} 1',
    'bridge_ghl_requests_total{operation="updateStatus",status="timeout"} 1',
    'bridge_ghl_status_updates_given_up_total 1',
    'bridge_signature_refusals_total{reason="missing"} 1',
    'bridge_webhook_junk_total{source="gateway"} 1',
    'bridge_sweeper_repairs_total{kind="late_wake"} 1',
    'bridge_store_transaction_reruns_total 1',
    'bridge_workflow_starts_total{outcome="deferred"} 1',
    'bridge_connection_state_changes_total{to="relogin"} 1',
    'bridge_receipts_total{match="unmatched"} 1',
    'bridge_lane_claims_total{result="grant"} 1',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
  expect(metrics.contentType).toContain('text/plain');
});

test('every metric has one line of help, and the refusals name the setting', async () => {
  const help = (await createMetrics().render()).split('\n').filter((line) => line.startsWith('# HELP'));
  expect(help.length).toBeGreaterThanOrEqual(14);
  for (const line of help) expect(line).toMatch(/^# HELP bridge_\w+ \S.{10,}$/);
  expect(help.find((line) => line.includes('signature_refusals'))).toContain('DELIVERY_SIGNATURE');
});

test('two registries know nothing of each other', async () => {
  const [one, two] = [createMetrics(), createMetrics()];
  one.transactionReruns.inc({});
  expect(await two.render()).toContain('bridge_store_transaction_reruns_total 0');
});

test('process metrics come only when asked for', async () => {
  expect(await createMetrics().render()).not.toContain('process_cpu');
  expect(await createMetrics({ processMetrics: true }).render()).toContain('process_cpu');
});

test('foreign codes stay few and look like names', async () => {
  const metrics = createMetrics();
  for (let n = 0; n < 500; n++) metrics.gatewaySends.inc({ outcome: 'rejected', code: `code_${n}` });
  metrics.gatewaySends.inc({ outcome: 'rejected', code: 'Dear Ann, your +60123456789 is wrong' });
  const series = (await metrics.render()).split('\n').filter((line) => line.startsWith('bridge_gateway_sends_total{'));
  expect(series).toHaveLength(61);
  expect(series).toContain('bridge_gateway_sends_total{outcome="rejected",code="other"} 441');
});

test('a label never takes more values than allowed, and keeps those that it has', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 80 })), fc.integer({ min: 1, max: 5 }), (values, most) => {
      const bound = boundLabels(most);
      const seen = values.map((code) => bound({ code }).code);
      expect(new Set(seen).size).toBeLessThanOrEqual(most + 1);
      for (const value of seen) expect(value).toMatch(/^[\w.:/{}*-]{1,64}$/);
      expect(values.map((code) => bound({ code }).code)).toEqual(seen);
    }),
  );
});
