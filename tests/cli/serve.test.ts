import { expect, it } from 'vitest';
import { startEnlarger } from './enlargerProcess';

it.skipIf(process.platform === 'win32')(
  'serve says where it is, answers there, and ends with one Ctrl-C (Windows has no such signal to send)',
  async () => {
    const running = startEnlarger(['serve', '--no-open']);
    await running.whenStdoutHas('\n');
    const address = running.stdout().trim();
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\//);
    expect((await fetch(address)).status).toBe(200);
    running.child.kill('SIGINT');
    expect((await running.ended).status).toBe(0);
    await expect(fetch(address)).rejects.toThrow();
  },
);
