import { expect, it } from 'vitest';
import { dispositionOf } from '../../src/host/downloads';
import { openerOf } from '../../src/host/browser';

it('is sent in a form that every browser reads', () => {
  expect(dispositionOf(`a"b'(1)*.png`)).toBe(
    `attachment; filename="a_b'(1)*.png"; filename*=UTF-8''a%22b%27%281%29%2A.png`,
  );
});

it("opens the address with the system's own command, and not at all without a screen", () => {
  expect(openerOf('linux', {})).toBeUndefined();
  expect(openerOf('linux', { WAYLAND_DISPLAY: 'wayland-0' })?.command).toBe('xdg-open');
  expect(openerOf('darwin', {})?.command).toBe('open');
  expect(openerOf('win32', {})).toEqual({ command: 'rundll32', args: ['url.dll,FileProtocolHandler'] });
});
