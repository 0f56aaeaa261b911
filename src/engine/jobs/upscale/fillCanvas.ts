import { area } from '../../../shared/geometry';
import type { Samples } from '../../codec/scratch/layout';
import { enlargeWithMap } from '../../methods/consistently';
import { stopwatch } from '../../methods/pace';
import { asGrey, inColours } from '../../photos/neutral';
import type { RunSettings } from '../../runtime/runSettings';
import type { RealDevice } from '../../runtime/runtime';
import { makeTiles } from '../tiles';
import { fileFinish } from './fileFinish';
import type { OpenCanvas } from './openCanvas';
import type { UpscaleRun } from './parts';
import type { Prepared } from './prepare';

/** Makes the tiles that are not on the canvas yet. */
export async function fillCanvas(
  { parts, stored, reached, devices, job }: UpscaleRun,
  { canvas, isOld }: OpenCanvas,
  { photo, method, part, tiles, layout }: Prepared,
): Promise<void> {
  const { pixels, onPace, onDevice } = parts;
  const { order } = stored;
  const { scale, options } = order.enlargement;
  // Devices round differently: an earlier run's goes on where one was found by itself.
  const [first, second] = [...(isOld ? reached.devices : [])];
  const before = second === undefined ? (first as RealDevice | undefined) : undefined;
  const runSettings: RunSettings = {
    ...options,
    device: order.device === 'auto' ? (before ?? 'auto') : order.device,
    patient: true,
    onDevice: (device) => {
      devices.add(device);
      onDevice(method, device);
    },
  };
  const finish = await fileFinish(order, photo, layout.depth, parts);
  // A photo without colour is enlarged as grey; its file has three equal channels, as the photo.
  const isNeutral = await photo.neutral(job.signal);
  const coloured = isNeutral ? asGrey(photo) : photo;
  const asStored = (samples: Samples): Samples => (isNeutral ? inColours(samples, layout.channels) : samples);
  const taken = stopwatch();
  await makeTiles(
    tiles,
    job,
    async (output, index, endTurn, signal) => {
      const request = { photo: coloured, scale, output, runSettings, signal, once: true };
      if (canvas.map) {
        const { tile, map, squares } = await enlargeWithMap(method, request, finish, pixels).finally(endTurn);
        await canvas.write(output, index, { samples: asStored(tile), map: { samples: map, squares } });
      } else {
        const samples = await method.enlarge(request, finish).finally(endTurn);
        await canvas.write(output, index, { samples: asStored(samples) });
        pixels.reuse(samples);
      }
    },
    {
      already: new Set(canvas.marked),
      onDone: (done, total) => job.progress('enlarge', done, total),
    },
  );
  await canvas.finish();
  const isPlain = !options.ensemble && !options.consistent && !canvas.map;
  if (isPlain && !isOld && !job.wasDisturbed) {
    onPace(method, scale, taken(), area(part) / 1e6);
  }
}
