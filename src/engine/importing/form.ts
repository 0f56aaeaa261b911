import type { Size } from '../../shared/geometry';
import { raster, type Raster } from '../kernels/raster';
import type { Numbers } from '../onnx/staticGraphOf';

/** What a model wants of a picture, and gives back of it. */
export interface ModelForm {
  readonly channels: 1 | 3;
  readonly layout: 'NCHW' | 'NHWC';
  /** What stands for black and white: 0 and 1, 0 and 255, or -1 and 1. */
  readonly range: RangeName;
  readonly order: 'RGB' | 'BGR';
  readonly takesBytes: boolean;
  /** Both sides of its input must be multiples of this. */
  readonly multiple: number;
  /** The one size that it runs at, where there is only one: smaller pictures are filled up to it. */
  readonly only: Size | undefined;
  readonly scale: number;
}

/** value = picture * span + black. */
export const RANGES = {
  '0..1': { span: 1, black: 0 },
  '0..255': { span: 255, black: 0 },
  '-1..1': { span: 2, black: -1 },
} as const;
export type RangeName = keyof typeof RANGES;

type Shape = Pick<ModelForm, 'layout' | 'range' | 'order' | 'takesBytes'>;

/** Where a channel, row and column of a picture lie in the model's numbers. */
function placeOf({ layout, order }: Shape, { width, height, channels }: Raster) {
  return (channel: number, pixel: number): number => {
    const k = order === 'BGR' && channels === 3 ? 2 - channel : channel;
    return layout === 'NCHW' ? k * width * height + pixel : pixel * channels + k;
  };
}

/** A picture as the model wants it. */
export function fed(picture: Raster, shape: Shape): Numbers {
  const { width, height, channels } = picture;
  const { span, black } = RANGES[shape.range];
  const place = placeOf(shape, picture);
  const data = new Float32Array(picture.data.length);
  for (let c = 0; c < channels; c++) {
    for (let k = 0; k < width * height; k++) {
      const value = picture.data[c * width * height + k]! * span + black;
      data[place(c, k)] = shape.takesBytes ? Math.round(value) : value;
    }
  }
  return {
    data,
    dims: shape.layout === 'NCHW' ? [1, channels, height, width] : [1, height, width, channels],
  };
}

/** What the model gave, as a picture; undefined where it is none of that layout. */
export function readBack({ data, dims }: Numbers, shape: Shape): Raster | undefined {
  const [batch, a, b, c] = dims as [number, number, number, number];
  if (dims.length !== 4 || batch !== 1) return undefined;
  const [channels, height, width] = shape.layout === 'NCHW' ? [a, b, c] : [c, a, b];
  const picture = raster(width, height, channels);
  const { span, black } = RANGES[shape.range];
  const place = placeOf(shape, picture);
  for (let channel = 0; channel < channels; channel++) {
    for (let k = 0; k < width * height; k++) {
      picture.data[channel * width * height + k] = (data[place(channel, k)]! - black) / span;
    }
  }
  return picture;
}
