import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { interpolations } from '../../src/engine/methods/interpolate';
import { koreanOf } from '../../src/renderer/locales/engineSentences';
import { protocolLine } from '../../src/shared/evaluationTables';
import { PROTOCOLS } from '../../src/shared/protocols';
import { methodName } from '../../src/renderer/locales/methodNames';

interface Card {
  readonly id: string;
  readonly name: string;
  readonly goodAt: string;
  readonly badAt: string;
}

const folder = 'resources/models';
const networks = readdirSync(folder).map(
  (id) => JSON.parse(readFileSync(`${folder}/${id}/manifest.json`, 'utf8')) as Card,
);
const plain: Card[] = interpolations({} as never).map(({ card }) => card);

test('what every method is good and bad at is said in Korean', () => {
  expect(networks.length).toBeGreaterThan(10);
  const sentences = [...networks, ...plain].flatMap(({ goodAt, badAt }) => [goodAt, badAt]);
  expect(sentences.filter((sentence) => koreanOf(sentence) === null)).toEqual([]);
});

test('methods whose names are words are called in Korean, and as they are in English', () => {
  const korean = [...networks, ...plain].map(({ id, name }) => methodName(id, name, 'ko'));
  expect(korean.filter((name) => /(^|[ (])[a-z]/.test(name))).toEqual([]);
  expect(methodName('nearest', 'Nearest neighbour', 'ko')).toBe('최근접 이웃');
  expect(methodName('bicubic', 'Bicubic', 'en')).toBe('Bicubic');
  expect(methodName('a-model', 'My model', 'ko')).toBe('My model');
});

test('what the encoder and the decoder say is said in Korean, with the words that are in it', () => {
  const said: [string, string[]][] = [
    ['JPEG has no transparency: it was laid onto white.', ['JPEG']],
    ['WebP holds 8 bits a channel, not 16.', ['WebP', '8비트']],
    ['The EXIF is longer than a JPEG can hold (64 kB) and was left out.', ['64kB']],
    ['WebP has no place for the text "a.b", XMP: left out.', ['the text "a.b", XMP']],
    [
      'The photo has high dynamic range (BT.2020 PQ); its numbers are kept, and programs without it show a tone-mapped picture.',
      ['BT.2020 PQ'],
    ],
    ['WebP has no place for the gain map (high dynamic range): left out.', ['WebP', '게인 맵']],
    [
      'an.png was left out: expected 128 pixels a side or more, it has 64 x 48.',
      ['an.png', '128픽셀', '64×48'],
    ],
    [
      'cut.jpg was left out: Expected a whole picture in cut.jpg, found a file that ends too early after 7 % of the picture (row 128 of 1800); copy it again from where it came from.',
      ['cut.jpg', '끊겨'],
    ],
    ['Figures are of photos that were degraded as those that it learned from.', ['열화']],
    ['The file holds 3 pages; this is page 2.', ['3', '2']],
    [
      'What is attached to the photo is not carried on (motion photo); nothing points to it any more.',
      ['motion photo'],
    ],
    ['The file lacks its end marker; all pixels were there.', ['끝 표시']],
    ['Memory was short on webgpu: EDSR goes on in tiles of 128 pixels.', ['webgpu', 'EDSR', '128']],
  ];
  for (const [english, words] of said) {
    const korean = koreanOf(english);
    for (const word of words) expect([english, korean]).toEqual([english, expect.stringContaining(word)]);
    expect(korean).toMatch(/[가-힣]/);
  }
});

test('how a benchmark measures is said in Korean, by every protocol, of one scale and of several', () => {
  for (const protocol of PROTOCOLS) {
    for (const scales of [[1], [2], [2, 3, 4], [2.5, 8]]) {
      const english = protocolLine({ protocol, scales: scales.map((scale) => ({ scale })) });
      expect([english, koreanOf(english)]).toEqual([english, expect.stringMatching(/[가-힣]/)]);
    }
  }
  const several = protocolLine({ protocol: 'y', scales: [{ scale: 4 }] });
  expect(koreanOf(several)).toBe(
    'BT.601 휘도(16~235) 8비트 그림의 PSNR과 SSIM, 회색은 회색으로, 가장자리 4픽셀을 뺌',
  );
});
