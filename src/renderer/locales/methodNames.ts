/**
 * What bundled methods are called in Korean, by their id, where their name has words in it; a method that is not here
 * is called what its paper calls it.
 */
const KOREAN_NAMES: Readonly<Record<string, string>> = {
  nearest: '최근접 이웃',
  bilinear: '쌍선형',
  bicubic: '바이큐빅',
  'lanczos-consistent': 'Lanczos-3, 일관성',
  'blind-compact': '블라인드 컴팩트',
  'blind-edsr': '블라인드 EDSR',
  cs: 'CS (교차 엔트로피)',
  fcs: 'FCS (주파수별 교차 엔트로피)',
  esrgan: 'ESRGAN, 블록 6개',
  'liifusion-perceptual': 'LIIFusion, 지각 중시',
  'rcan-small': 'RCAN, 4개씩 4묶음',
  'san-small': 'SAN, 4개씩 4묶음',
};

/** The name of a bundled method in a language of the page; `name` is what its card calls it. */
export const methodName = (id: string, name: string, language: 'en' | 'ko'): string =>
  language === 'ko' ? (KOREAN_NAMES[id] ?? name) : name;
