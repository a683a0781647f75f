import Libsql from 'libsql';

/** Seldom enough not to be a load of its own. */
const EVERY_MS = 100;

/**
 * What one commit costs on this disk at this time, in a process of its own: a row into a SQLite file set up as the
 * store is (WAL, synchronous=FULL), ten times a second. Answers each message of its parent with the durations since
 * the last one, in milliseconds.
 */
function main(file: string): void {
  const db = new Libsql(file);
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL']) db.exec(`PRAGMA ${pragma}`);
  db.exec('CREATE TABLE commits (text TEXT)');
  const insert = db.prepare('INSERT INTO commits (text) VALUES (?)');
  const text = 'x'.repeat(500);
  let durations: number[] = [];
  setInterval(() => {
    const began = performance.now();
    insert.run(text);
    durations.push(performance.now() - began);
  }, EVERY_MS);
  process.on('message', () => {
    process.send?.(durations);
    durations = [];
  });
}

main(process.argv[2] ?? 'commits.sqlite');
