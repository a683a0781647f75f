import { alertOfOutage } from '../../src/domain/alerts';
import { alertWords } from '../../src/domain/alertWords';
import { OUTAGE_MS, outageBetween } from '../../src/domain/outage';

describe('an outage', () => {
  it('lies between two signs of life that are too far apart; a first one has none before it', () => {
    expect(outageBetween(null, 9e12)).toBeNull();
    expect(outageBetween(1_000, 1_000 + OUTAGE_MS - 1)).toBeNull();
    expect(outageBetween(1_000, 1_000 + OUTAGE_MS)).toEqual({ from: 1_000, to: 1_000 + OUTAGE_MS });
  });

  it('is told with its beginning and end, what nobody can tell, and where to look', () => {
    const [from, to] = [Date.parse('2026-03-01T10:00:00Z'), Date.parse('2026-03-01T10:30:05Z')];
    const { since, kind, detail } = alertOfOutage({ from, to });
    const { text, next } = alertWords({ kind, detail, since, phase: 'open', connectionId: null });
    expect(text).toContain('from 2026-03-01 10:00:00 UTC to 2026-03-01 10:30:05 UTC');
    expect(text).toContain('nobody can tell');
    expect(next).toMatch(/phones.*ops -- outages/s);
  });
});
