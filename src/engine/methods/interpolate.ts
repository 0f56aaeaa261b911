import type { Finish, Finished, FinishKind } from '../pixels/finish';
import type { Pixels } from '../pixels/pixels';
import type { KernelName } from '../kernels/resample/kernels';
import { neededSource } from '../kernels/resample/resample';
import { enlargeConsistently } from './consistently';
import type { EnlargeRequest, Method } from './method';

const TILE_SIDE = 512;

interface Kind {
  readonly id: string;
  readonly name: string;
  readonly kernel: KernelName;
  readonly goodAt: string;
  readonly badAt: string;
  readonly paper: Method['card']['paper'];
}

const KINDS: readonly Kind[] = [
  {
    id: 'nearest',
    name: 'Nearest neighbour',
    kernel: 'nearest',
    goodAt: 'Showing the pixels themselves; pixel art at whole scales.',
    badAt: 'Photographs: every edge becomes a staircase.',
    paper: null,
  },
  {
    id: 'bilinear',
    name: 'Bilinear',
    kernel: 'bilinear',
    goodAt: 'Speed, without overshoot at edges.',
    badAt: 'Detail: it is the softest of all.',
    paper: null,
  },
  {
    id: 'bicubic',
    name: 'Bicubic',
    kernel: 'bicubic',
    goodAt: 'An honest, fast enlargement; the reference that every paper compares with.',
    badAt: 'Fine texture, which it leaves soft; slight halos at hard edges.',
    paper: {
      title: 'Cubic convolution interpolation for digital image processing',
      authors: 'R. Keys',
      year: 1981,
    },
  },
  {
    id: 'lanczos',
    name: 'Lanczos-3',
    kernel: 'lanczos3',
    goodAt: 'A little more sharpness than bicubic, at any scale.',
    badAt: 'Hard edges, which ring.',
    paper: {
      title: 'Lanczos filtering in one and two dimensions',
      authors: 'C. Duchon',
      year: 1979,
    },
  },
];

/** Interpolation by a fixed kernel: any scale, no weights. */
class Interpolation implements Method {
  readonly id: string;
  readonly card: Method['card'];
  readonly networks = [];

  constructor(
    private readonly kind: Kind,
    private readonly pixels: Pixels,
  ) {
    const { id, name, goodAt, badAt, paper } = kind;
    this.id = id;
    this.card = {
      id,
      name,
      goodAt,
      badAt,
      paper,
      sum: 'code',
      controls: [],
      learns: null,
      alwaysConsistent: false,
      family: 'interpolation',
      scales: { min: 1, max: 30 },
      weights: 0,
      licence: 'none needed',
      psnrY: {},
      lpips: {},
    };
  }

  async enlarge<K extends FinishKind>(order: EnlargeRequest, finish: Finish<K>): Promise<Finished[K]> {
    const { photo, scale, output, runSettings, signal } = order;
    if (runSettings.consistent) return enlargeConsistently(this, order, finish, this.pixels);
    const needed = neededSource(output, scale, this.kind.kernel, photo.info);
    const pixels = await photo.read(needed, { signal });
    const source = { rect: needed, pixels };
    return this.pixels.interpolate({ source, photo: photo.info, scale, output }, this.kind.kernel, finish);
  }

  macsPerPixel(scale: number): number {
    return 16 * scale * scale;
  }

  tileSide(): number {
    return TILE_SIDE;
  }
}

/** Lanczos-3, always projected: the most that can be had without weights. */
class LanczosConsistent implements Method {
  readonly id = 'lanczos-consistent';
  readonly card: Method['card'];
  readonly networks = [];

  constructor(private readonly lanczos: Method) {
    this.card = {
      ...lanczos.card,
      id: this.id,
      name: 'Lanczos-3, consistent',
      goodAt:
        'What was reduced before: one decibel above bicubic without any weights, and true to the photo.',
      badAt: "A camera's noise and JPEG blocks, which it forces back in; hard edges, which ring.",
      alwaysConsistent: true,
      paper: {
        title: 'Explorable super resolution',
        authors: 'Y. Bahat, T. Michaeli',
        year: 2020,
      },
    };
  }

  enlarge<K extends FinishKind>(order: EnlargeRequest, finish: Finish<K>): Promise<Finished[K]> {
    return this.lanczos.enlarge(
      { ...order, runSettings: { ...order.runSettings, consistent: true } },
      finish,
    );
  }

  macsPerPixel(scale: number): number {
    return 4 * this.lanczos.macsPerPixel(scale);
  }

  tileSide(): number {
    return TILE_SIDE;
  }
}

export function interpolations(pixels: Pixels): Method[] {
  const plain = KINDS.map((kind) => new Interpolation(kind, pixels));
  const lanczos = plain.find(({ id }) => id === 'lanczos')!;
  return [...plain, new LanczosConsistent(lanczos)];
}

/**
 * A photo reduced for a view, below scale 1: from the decoder's level just above, antialiased.
 * `output` lies on the grid of the photo's reduction by `scale`.
 */
export async function reduce<K extends FinishKind>(
  { photo, scale, output, signal }: Omit<EnlargeRequest, 'runSettings'>,
  pixels: Pixels,
  finish: Finish<K>,
): Promise<Finished[K]> {
  const level = Math.min(photo.levels, Math.max(0, Math.floor(Math.log2(1 / scale) + 1e-9)));
  const size = {
    width: Math.ceil(photo.info.width / 2 ** level),
    height: Math.ceil(photo.info.height / 2 ** level),
  };
  const remaining = scale * 2 ** level;
  const needed = neededSource(output, remaining, 'bicubic', size);
  const source = { rect: needed, pixels: await photo.read(needed, { level, signal }) };
  return pixels.interpolate({ source, photo: size, scale: remaining, output }, 'bicubic', finish);
}
