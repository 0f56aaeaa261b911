import { describe, expect, it } from 'vitest';
import { safeFileName, withExtension } from '../../src/shared/fileName';
import { dispositionOf } from '../../src/host/downloads';
import { openerOf } from '../../src/host/browser';

describe('a suggested file name', () => {
  it.each([
    ['portrait x4.png', 'png', 'portrait x4.png'],
    ['portrait', 'jpeg', 'portrait.jpg'],
    ['portrait.JPEG', 'jpeg', 'portrait.JPEG'],
    ['portrait.png', 'tiff', 'portrait.png.tif'],
    ['../../etc/passwd', 'png', 'passwd.png'],
    ['C:\\Windows\\x.png', 'png', 'x.png'],
    ['a\u0000b\u202e\n.png', 'png', 'a b .png'],
    ['.hidden', 'webp', 'hidden.webp'],
    ['..', 'png', 'enlargement.png'],
    ['', 'avif', 'enlargement.avif'],
    ['NUL.png', 'png', 'enlargement NUL.png'],
    ['한국 사진', 'png', '한국 사진.png'],
  ] as const)('%j as %s is %j', (suggested, format, expected) => {
    expect(safeFileName(suggested, format)).toBe(expected);
  });

  it('stays short and keeps its extension', () => {
    const name = safeFileName(`${'가'.repeat(300)}.png`, 'png');
    expect(name).toHaveLength(194);
    expect(name.endsWith('.png')).toBe(true);
  });

  it('takes the extension from the format alone', () => {
    expect(withExtension('png', 'png')).toBe('png.png');
    expect(withExtension('a.tiff', 'tiff')).toBe('a.tiff');
  });
});

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
