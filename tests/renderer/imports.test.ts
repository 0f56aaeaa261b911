import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia } from 'pinia';
import { afterEach, describe, expect, test } from 'vitest';
import { ENGINE } from '../../src/renderer/engine/connect';
import { createTexts } from '../../src/renderer/locales';
import ImportDialog from '../../src/renderer/panels/imports/ImportDialog.vue';
import { partedFiles } from '../../src/renderer/editor/partedFiles';
import { useImports } from '../../src/renderer/stores/imports';
import { useNotices } from '../../src/renderer/stores/notices';
import type { ImportFindings, JobLine } from '../../src/shared/contract';
import { FakeDoor, jobLine } from './fakeDoor';

const FOUND: ImportFindings = {
  scale: 4,
  channels: 3,
  layout: 'NHWC',
  range: '0..255',
  order: 'BGR',
  orderIsCertain: true,
  multiple: 8,
  only: null,
  overlap: 12,
  means: 0,
  weights: 1_234_567,
  macsPerPixel: 1_000,
  liveBytesPerPixel: 2_048,
  consistencyDb: 41.26,
};

let dialog: VueWrapper | undefined;
afterEach(() => dialog?.unmount());

/** The dialog on a door in memory, whose jobs are called import1, import2, … */
function open() {
  let jobs = 0;
  const door = new FakeDoor({
    'model:import': () => jobLine({ job: `import${++jobs}`, kind: 'import', title: 'net.onnx' }),
  });
  const pinia = createPinia();
  dialog = mount(ImportDialog, {
    attachTo: document.body,
    global: {
      plugins: [pinia, createTexts()],
      provide: { [ENGINE as symbol]: door.client },
    },
  });
  const end = async (job: string, part: Partial<JobLine>): Promise<void> => {
    door.say({ event: { event: 'job:ended', line: jobLine({ job, kind: 'import', ...part }) } });
    await flushPromises();
  };
  return { door, end, imports: useImports(pinia), notices: useNotices(pinia) };
}

const shown = (): string => document.querySelector('[role="dialog"]')?.textContent ?? '';
const field = (label: string): HTMLInputElement => {
  const found = [...document.querySelectorAll('label')].find((one) => one.textContent === label);
  return document.getElementById(found!.htmlFor) as HTMLInputElement;
};
const write = (label: string, text: string): void => {
  field(label).value = text;
  field(label).dispatchEvent(new Event('input'));
};
const found = (keep: boolean): Partial<JobLine> => ({
  state: 'done',
  result: { id: 'net', kept: keep, findings: FOUND },
});
const model = (name = 'net.onnx'): File => new File(['weights'], name);

describe('a model that comes by hand', () => {
  test('is told from photos by its name', () => {
    const [models, photos] = partedFiles([{ name: 'a.jpg' }, { name: 'B.ONNX' }, { name: 'onnx.png' }]);
    expect([models, photos]).toEqual([[{ name: 'B.ONNX' }], [{ name: 'a.jpg' }, { name: 'onnx.png' }]]);
  });

  test('is tried and shown before it is kept, and kept with what is said of it', async () => {
    const { door, end, imports, notices } = open();
    imports.offer([model()]);
    await flushPromises();
    expect(shown()).toContain('being tried');
    expect(shown()).not.toContain('Keep as a method');
    await end('import1', found(false));
    expect(shown()).toContain('×4');
    expect(shown()).toContain('BGR');
    expect(shown()).toContain('multiples of 8');
    expect(shown()).toContain('41.3 dB');
    expect(field('Name').value).toBe('net');
    write('Name', 'Street');
    write('Licence', 'MIT');
    await flushPromises();
    document.querySelector('[role="dialog"] form')!.dispatchEvent(new Event('submit'));
    await flushPromises();
    expect(door.paramsOf('model:import')).toEqual([
      { model: 'model-1', keep: false },
      { model: 'model-1', name: 'Street', licence: 'MIT', source: undefined, keep: true },
    ]);
    await end('import2', found(true));
    expect(imports.isOpen).toBe(false);
    expect(notices.notices.map(({ message }) => message)).toEqual(['Street is a method now.']);
    expect(door.paramsOf('model:forget')).toEqual([{ model: 'model-1' }]);
  });

  test('that cannot work is refused with the reason, and the next one is taken', async () => {
    const { end, imports } = open();
    imports.offer([model('words.onnx'), model('second.onnx')]);
    await flushPromises();
    const message =
      'Expected words.onnx to be a model that enlarges pictures, but its input has 2 axes, where a picture has four (batch, channels, height, width).';
    await end('import1', { state: 'failed', fault: { code: 'bad-model', message } });
    expect(shown()).toContain('its input has 2 axes');
    expect(document.querySelector('[role="dialog"] [type="submit"]')).toBeNull();
    imports.close();
    await flushPromises();
    expect(shown()).toContain('second.onnx');
  });

  test('whose name is taken stays, with the sentence, for another name', async () => {
    const { end, imports } = open();
    imports.offer([model()]);
    await flushPromises();
    await end('import1', found(false));
    document.querySelector('[role="dialog"] form')!.dispatchEvent(new Event('submit'));
    await flushPromises();
    const message = 'Expected a new name for net.onnx, but there is a method net already.';
    await end('import2', { state: 'failed', fault: { code: 'output-exists', message } });
    expect(shown()).toContain('there is a method net already');
    expect(field('Name').value).toBe('net');
  });

  test('that is closed while it is tried is stopped and forgotten', async () => {
    const { door, imports } = open();
    imports.offer([model()]);
    await flushPromises();
    imports.close();
    await flushPromises();
    expect(door.paramsOf('job:stop')).toEqual([{ job: 'import1' }]);
    expect(door.paramsOf('model:forget')).toEqual([{ model: 'model-1' }]);
    expect(imports.isOpen).toBe(false);
  });
});
