import { expect, it } from 'vitest';
import { startEnlarger } from './enlargerProcess';

it.skipIf(process.platform === 'win32')(
  'serve says where it is, answers there, and ends with one Ctrl-C (Windows has no such signal to send)',
  async () => {
    const running = startEnlarger(['serve', '--no-open']);
    await running.whenStdoutHas('\n');
    const address = running.stdout().trim();
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\//);
    // The one-time address answers with a cookie and sends the browser on.
    const answer = await fetch(address, { redirect: 'manual' });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('set-cookie')).toMatch(/HttpOnly/);
    running.child.kill('SIGINT');
    expect((await running.ended).status).toBe(0);
    await expect(fetch(address)).rejects.toThrow();
  },
);
