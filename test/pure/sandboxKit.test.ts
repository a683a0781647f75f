import { inflateSync } from 'node:zlib';
import { FaultList } from '../../src/sandbox/kit/faults';
import { Journal, Watch } from '../../src/sandbox/kit/journal';
import { findRoute } from '../../src/sandbox/kit/router';
import { Timers } from '../../src/sandbox/kit/timers';
import { qrPng } from '../../src/sandbox/waapify/qrPng';

describe('Journal', () => {
  it('numbers its entries and resolves a wait with one that is already there', async () => {
    const journal = new Journal<{ word: string }>();
    journal.add({ word: 'a' });
    journal.add({ word: 'b' });
    await expect(journal.waitFor(({ word }) => word === 'b')).resolves.toEqual({ n: 2, word: 'b' });
    expect(journal.after(1)).toEqual([{ n: 2, word: 'b' }]);
  });

  it('resolves a wait by an entry to come, and by the completion of an old one', async () => {
    const journal = new Journal<{ word: string }>();
    const entry = journal.add({ word: 'open' });
    const done = journal.waitFor(({ word }) => word === 'done');
    const added = journal.waitFor(({ word }) => word === 'new');
    journal.update(entry, { word: 'done' });
    journal.add({ word: 'new' });
    expect((await done).n).toBe(1);
    expect((await added).n).toBe(2);
  });

  it('gives up with a code', async () => {
    const journal = new Journal<{ word: string }>();
    await expect(journal.waitFor(() => false, 5)).rejects.toMatchObject({ code: 'sandbox_timeout' });
  });
});

describe('Watch', () => {
  it('asks again at every change', async () => {
    const watch = new Watch();
    let value = 0;
    const found = watch.waitFor(() => value > 1 && value);
    for (const next of [1, 2, 3]) {
      value = next;
      watch.changed();
    }
    await expect(found).resolves.toBe(2);
  });

  it('fails the waiting test, not the one who tells, when a probe throws', async () => {
    const watch = new Watch();
    let broken = false;
    const wait = watch.waitFor(() => {
      if (broken) throw new Error('probe');
      return false;
    });
    broken = true;
    expect(() => watch.changed()).not.toThrow();
    await expect(wait).rejects.toThrow('probe');
  });
});

describe('FaultList', () => {
  it('spends each rule its times, oldest first', () => {
    const faults = new FaultList<{ times: number; name: string }>();
    faults.add({ times: 2, name: 'a' });
    faults.add({ times: 1, name: 'b' });
    const taken = [1, 2, 3, 4].map(() => faults.take(() => true)?.name);
    expect(taken).toEqual(['a', 'a', 'b', undefined]);
  });

  it('leaves a rule that does not fit', () => {
    const faults = new FaultList<{ times: number; name: string }>();
    faults.add({ times: 1, name: 'a' });
    expect(faults.take(({ name }) => name === 'b')).toBeUndefined();
    expect(faults.pending).toHaveLength(1);
  });
});

describe('findRoute', () => {
  const routes = [
    { method: 'GET', path: '/contacts/search' },
    { method: 'GET', path: '/contacts/:id' },
  ];

  it('prefers what stands first, decodes parameters and ignores a trailing slash', () => {
    expect(findRoute(routes, 'GET', '/contacts/search/')?.route).toBe(routes[0]);
    expect(findRoute(routes, 'GET', '/contacts/a%20b')?.params).toEqual({ id: 'a b' });
    expect(findRoute(routes, 'POST', '/contacts/search')).toBeUndefined();
    expect(findRoute(routes, 'GET', '/contacts')).toBeUndefined();
  });
});

describe('Timers', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('runs nothing more once stopped', () => {
    const timers = new Timers();
    const ran: string[] = [];
    timers.run(1, () => ran.push('before'));
    jest.advanceTimersByTime(1);
    timers.run(1, () => ran.push('running'));
    timers.stop();
    timers.run(1, () => ran.push('later'));
    jest.advanceTimersByTime(1_000);
    expect(ran).toEqual(['before']);
  });
});

describe('qrPng', () => {
  it('is a PNG whose pixels are a square QR code with its three finder patterns', () => {
    const png = qrPng('sandbox,609ACF2830001,1');
    expect(png.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
    const size = png.readUInt32BE(16);
    expect(png.readUInt32BE(20)).toBe(size);
    const data = png.subarray(png.indexOf('IDAT') + 4);
    const pixels = inflateSync(data.subarray(0, png.readUInt32BE(png.indexOf('IDAT') - 4)));
    expect(pixels).toHaveLength(size * (size + 1));
    const dark = (column: number, row: number) => pixels[(row * 6 + 3) * (size + 1) + 1 + column * 6 + 3] === 0;
    const modules = size / 6;
    const finder = [true, false, true, true, true, false, true];
    // One module of quiet zone, then the finder's middle line, at three corners.
    for (const [column, row] of [
      [1, 1],
      [modules - 8, 1],
      [1, modules - 8],
    ] as const) {
      expect(finder.map((_, index) => dark(column + index, row + 3))).toEqual(finder);
    }
  });
});
