import { flushPromises, mount } from '@vue/test-utils';
import { createPinia } from 'pinia';
import { onTestFinished } from 'vitest';
import type { Component } from 'vue';
import { ENGINE } from '../../src/renderer/engine/connect';
import { createTexts } from '../../src/renderer/locales';
import { useDocument } from '../../src/renderer/stores/document';
import { useMethods } from '../../src/renderer/stores/methods';
import { usePhotos } from '../../src/renderer/stores/photos';
import { photoInfo, type FakeDoor } from './fakeDoor';

/** Parts of the page without the rest of it, which would do things by itself; `names`: photos, the first in the view. */
export async function mountPart(
  door: FakeDoor,
  parts: readonly Component[],
  names: readonly string[],
  props: Record<string, unknown> = {},
) {
  const pinia = createPinia();
  const mounted = parts.map((part) =>
    mount(part, {
      props,
      attachTo: document.body,
      global: { plugins: [pinia, createTexts()], provide: { [ENGINE as symbol]: door.client } },
    }),
  );
  onTestFinished(() => mounted.forEach((one) => one.unmount()));
  const [doc, photos] = [useDocument(pinia), usePhotos(pinia)];
  await useMethods(pinia).load();
  for (const [k, name] of names.entries()) await photos.take(photoInfo({ photo: `photo-${k + 1}`, name }));
  doc.show('photo-1');
  await flushPromises();
  return { pinia, mounted, doc, photos };
}
