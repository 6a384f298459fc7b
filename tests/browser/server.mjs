// Makes the demonstration's workspace and serves it, as a newcomer would.
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

const LINK = /http:\/\/127\.0\.0\.1:\d+\/enter\?key=\S+/;
const PATIENCE_MS = 60_000;

/** Runs `rapporteur demo --no-serve --dir folder` to its end. */
export function makeDemonstration(program, folder) {
  const demo = spawnSync(program, ['demo', '--no-serve', '--dir', folder], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  if (demo.status !== 0) {
    throw new Error(`rapporteur demo ended with ${demo.status ?? demo.signal ?? demo.error}\n${demo.stdout}${demo.stderr}`);
  }
}

/** Starts `rapporteur serve` on a free port; resolves with the sign-in link that it prints, and a way to stop it. */
export function serve(program, folder) {
  const words = ['serve', '--workspace', folder, '--passphrase-file', join(folder, 'passphrase.txt'), '--listen', '127.0.0.1:0'];
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (bytes) => { said = (said + bytes).slice(-20_000); });
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
  const stop = async () => {
    child.kill('SIGINT');
    const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
    const how = await ended;
    clearTimeout(late);
    return how;
  };
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`rapporteur serve printed no sign-in link within ${PATIENCE_MS / 1000} s\n${said}`));
    }, PATIENCE_MS);
    child.once('error', reject);
    ended.then((how) => reject(new Error(`rapporteur serve ended with ${how} before it printed a sign-in link\n${said}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      said = `${said}${line}\n`.slice(-20_000);
      const link = LINK.exec(line);
      if (link) {
        clearTimeout(timer);
        resolve({ link: link[0], origin: new URL(link[0]).origin, said: () => said, stop });
      }
    });
  });
}
